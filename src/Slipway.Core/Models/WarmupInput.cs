namespace Slipway.Core;

/// <summary>One input of a warm-up request.</summary>
/// <param name="Name">Name of the model's input.</param>
/// <param name="DataType">Element type.</param>
/// <param name="Shape">Full shape, the batch dimension included.</param>
/// <param name="Fill">Where the values come from.</param>
public sealed record WarmupInput(string Name, TensorDataType DataType, TensorShape Shape, WarmupFill Fill)
{
    /// <summary>The bytes for <see cref="WarmupFill.Data"/>, packed as a tensor's.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }
}
