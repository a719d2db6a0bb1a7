using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers.Operations;

/// <summary>
/// Operators between layers, as <c>a + b</c> leaves them in a Functional model of Keras 3: names of functions with their arguments, not code. Those in the tables are converted; others are
/// refused by name.
/// </summary>
internal sealed class NamedOperations : LayerConverter
{
    private const string KerasPrefix = "ops.";

    private static readonly Dictionary<string, Func<OperationCall, IReadOnlyList<Edge>>> Table = new(
        new[] { ElementwiseOperations.All, ReducingOperations.All, ShapingOperations.All, IndexingOperations.All, OrderingOperations.All }.SelectMany(static table => table), StringComparer.Ordinal);

    // What would change the meaning of a function that is converted without it.
    private static readonly string[] RefusedFlags = ["adjoint_a", "adjoint_b", "a_is_sparse", "b_is_sparse", "conjugate"];

    public override IReadOnlyList<string> ClassNames => [.. Table.Keys.Select(static name => KerasPrefix + name)];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call) => Convert(call, call.Layer.ClassName[KerasPrefix.Length..]);

    /// <summary>Converts a call of the operation that Keras 3 gives this name.</summary>
    public static IReadOnlyList<LayerTensor> Convert(LayerCall call, string name)
    {
        Func<OperationCall, IReadOnlyList<Edge>> emit = Table.GetValueOrDefault(name) ?? throw call.Layer.NotSupported($"the function '{name}' is not one that is known here");
        OperationCall operation = new(call);
        if (RefusedFlags.FirstOrDefault(flag => operation.Flag(flag)) is { } refused)
        {
            throw call.Layer.NotSupported($"it is called with {refused}");
        }

        return [.. emit(operation).Select(edge => LayerTensor.Of(call.Graph, edge))];
    }
}
