using Slipway.Formats.Abstractions;
using Slipway.Sklearn;
using Slipway.TestKit;

namespace Slipway.Fuzz.Targets;

/// <summary>Pickles and joblib dumps of scikit-learn: read as data and written as ONNX.</summary>
internal sealed class PickleTarget : IFuzzTarget
{
    public string Name => "pickle";

    public IReadOnlyList<byte[]> Seeds => TrainedSeeds.Pickles;

    public ValueTask ReadAsync(byte[] input)
    {
        using VersionFiles files = new(new MemoryModelArtifact("model.pkl", ("model.pkl", input)), "model.pkl");
        new SklearnFormat().Prepare(files, CancellationToken.None).Dispose();
        return ValueTask.CompletedTask;
    }
}
