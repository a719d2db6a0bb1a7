using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.TestKit.Fakes;

/// <summary>What the fake runtime makes of a change token.</summary>
public sealed class FakeModelDefinition
{
    public delegate Tensor[] RunFunction(FakeModel model, Tensor?[] inputs, int[] outputs, CancellationToken cancellationToken);

    public required ModelSignature Signature { get; init; }

    public required RunFunction Run { get; init; }

    public long MemoryBytes { get; init; } = 1000;

    /// <summary>A batchable model with one float input <c>x</c> [-1, 2] and two outputs: <c>sum</c> [-1, 1] and <c>double</c> [-1, 2].</summary>
    public static FakeModelDefinition Sums { get; } = new()
    {
        Signature = new ModelSignature(
            [new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1, 2))],
            [
                new TensorSignature("sum", TensorDataType.Float32, new TensorShape(-1, 1)),
                new TensorSignature("double", TensorDataType.Float32, new TensorShape(-1, 2)),
            ])
        { IsBatchable = true },
        Run = static (_, inputs, outputs, _) => Array.ConvertAll(outputs, output => output == 0 ? Sum(inputs[0]!) : Double(inputs[0]!)),
    };

    /// <summary>The same model with something done before each run.</summary>
    public FakeModelDefinition Before(Action<FakeModel, Tensor?[], CancellationToken> action) => new()
    {
        Signature = Signature,
        MemoryBytes = MemoryBytes,
        Run = (model, inputs, outputs, token) =>
        {
            action(model, inputs, token);
            return Run(model, inputs, outputs, token);
        },
    };

    /// <summary>A float tensor.</summary>
    public static Tensor Floats(string name, TensorShape shape, params float[] values) =>
        new(name, TensorDataType.Float32, shape, MemoryMarshal.AsBytes<float>(values).ToArray());

    /// <summary>The values of a float tensor.</summary>
    public static float[] Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray();

    private static Tensor Sum(Tensor input)
    {
        float[] values = Floats(input);
        float[] sums = new float[values.Length / 2];
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = values[2 * i] + values[(2 * i) + 1];
        }

        return Floats("sum", new TensorShape(input.Shape[0], 1), sums);
    }

    private static Tensor Double(Tensor input) => Floats("double", input.Shape, Array.ConvertAll(Floats(input), static value => value * 2));
}
