using Slipway.Core;
using Slipway.Pmml.Compilation;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Scoring;

namespace Slipway.Pmml;

/// <summary>A compiled document. Holds memory of the garbage collector only.</summary>
internal sealed class PmmlLoadedModel(PmmlPlan plan, PmmlElement document, long bytes) : ILoadedModel
{
    private readonly PmmlScorer _scorer = new(plan);

    public ModelSignature Signature { get; } = PmmlSignature.Of(plan, document);

    public long MemoryBytes => bytes;

    public Tensor[] Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken) => _scorer.Run(inputs, outputs, cancellationToken);

    public void Dispose()
    {
        // Nothing is held that the garbage collector does not free.
    }
}
