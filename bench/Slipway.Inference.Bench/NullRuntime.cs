using Slipway.Core;

namespace Slipway.Inference.Bench;

/// <summary>An engine that costs nothing: what is measured over it is inference alone.</summary>
internal sealed class NullRuntime : IModelRuntime
{
    public string Name => "fake";

    public ValueTask<ILoadedModel> LoadAsync(PreparedModel model, EngineConfig config, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ILoadedModel>(new NullModel());

    private sealed class NullModel : ILoadedModel
    {
        private readonly Tensor[] _answer = [new Tensor("output", TensorDataType.Float32, new TensorShape(1, 1), new byte[4])];

        public ModelSignature Signature { get; } = new(
            [new TensorSignature("input", TensorDataType.Float32, new TensorShape(-1, 30))],
            [new TensorSignature("output", TensorDataType.Float32, new TensorShape(-1, 1))]);

        public long MemoryBytes => 0;

        public Tensor[] Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken) => _answer;

        public void Dispose()
        {
        }
    }
}
