using Slipway.Core.Rows;

namespace Slipway.Cli.Scoring;

/// <summary>What is to be scored and how.</summary>
internal sealed record ScoreOptions
{
    /// <summary>
    /// Rows in one run of the model by default. Measured with a 100-tree forest and a small network: from 256 on the engine's rate is within a few per cent of its
    /// best, and a block of 30 numbers a row (90 KB of text) stays in a core's cache.
    /// </summary>
    public const int DefaultBatch = 256;

    /// <summary>The model: a file or a folder.</summary>
    public required string Model { get; init; }

    /// <summary>The rows: a file, or <c>-</c>.</summary>
    public required string Input { get; init; }

    /// <summary>Where the answers go: a file, or <c>-</c>.</summary>
    public required string Output { get; init; }

    /// <summary>How the input is written.</summary>
    public required RowFormat InputFormat { get; init; }

    /// <summary>How the output is to be written.</summary>
    public required RowFormat OutputFormat { get; init; }

    /// <summary>How rows are read.</summary>
    public RowReadOptions Reading { get; init; } = RowReadOptions.Default;

    /// <summary>Outputs wanted; empty: the model's default ones.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Rows in one run of the model, 1 or more; null: <see cref="DefaultBatch"/>, or one where the answer for a row depends on those beside it.</summary>
    public int? Batch { get; init; }

    /// <summary>Threads that score, 1 or more.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where rejected rows go; null: they are only counted.</summary>
    public string? Rejects { get; init; }

    /// <summary>Folder where a converted model is kept for the next time; null: none is kept.</summary>
    public string? Data { get; init; }

    /// <summary>Signature of a model that has several; null: the model's own choice.</summary>
    public string? Signature { get; init; }

    /// <summary>Options of the engine.</summary>
    public IReadOnlyDictionary<string, string> SessionOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the first rejected row ends the scoring.</summary>
    public bool IsStrict { get; init; }
}
