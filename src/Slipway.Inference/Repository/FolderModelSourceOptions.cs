namespace Slipway.Inference.Repository;

/// <summary>How a folder of models is watched.</summary>
public sealed record FolderModelSourceOptions : PollOptions
{
    /// <summary>The models folder. It may be a symbolic link; where that points is looked up again each time.</summary>
    public required string Path { get; init; }
}
