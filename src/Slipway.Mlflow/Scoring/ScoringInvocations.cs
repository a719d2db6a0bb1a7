using System.Buffers;
using Slipway.Core;
using Slipway.Mlflow.Wire;
using Slipway.Protocols.SageMaker;

namespace Slipway.Mlflow.Scoring;

/// <summary>Has models that came with an <c>MLmodel</c> file invoked as MLflow's scoring server would be.</summary>
internal sealed class ScoringInvocations : IInvocationForms
{
    /// <inheritdoc/>
    public IInvocationForm? Of(ModelSignature signature) => ScoringModels.Of(signature) is { } scoring ? new ScoringInvocation(scoring) : null;

    private sealed class ScoringInvocation(ScoringSignature scoring) : IInvocationForm
    {
        public int MemoryFactor => ScoringBody.MemoryFactor;

        public string? CheckMedia(string? contentType, out bool isCsv) => ScoringMedia.Check(contentType, out isCsv);

        public InvocationBody Read(ReadOnlyMemory<byte> bytes, bool isCsv, ModelSignature model)
        {
            try
            {
                ScoringBody body = ScoringBody.Read(bytes, isCsv, scoring, model);
                return new InvocationBody(body.Inputs, Wrapped: true) { IsFrame = body.IsFrame };
            }
            catch (MlflowException refused)
            {
                throw new InvocationRefusedException(refused.Code.ToStatus(), refused.Code.ToName(), refused.Message, refused);
            }
        }

        public string[] ChooseOutputs(ModelSignature model, IReadOnlyList<string> usual) => new ScoringOutputs(scoring).Choose(model, usual);

        public void WriteJson(IBufferWriter<byte> output, IReadOnlyList<Tensor> outputs, bool isFrame) => new ScoringOutputs(scoring).Write(output, outputs, isFrame);
    }
}
