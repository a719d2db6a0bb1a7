using Slipway.Core;

namespace Slipway.Pipelines.Running;

/// <summary>What all steps of one request share. Thread-safe.</summary>
/// <param name="Pipeline">Name of the pipeline.</param>
/// <param name="Request">The caller's request.</param>
/// <param name="Attributes">Its headers and claims, safe for several branches at once, and the pipelines that it runs within.</param>
/// <param name="Deadline">When the answer must be there, on the server's clock; null: no bound.</param>
/// <param name="Memory">Memory for intermediate tensors.</param>
/// <param name="Services">What the steps call.</param>
internal sealed record PipelineCall(
    string Pipeline, InferenceRequest Request, StepAttributes Attributes, long? Deadline, RequestMemory Memory, StepServices Services);

/// <summary>What steps call outside the pipeline. Thread-safe.</summary>
/// <param name="inference">Answers for models, endpoints and pipelines.</param>
/// <param name="http">Reaches other servers.</param>
/// <param name="time">The clock.</param>
internal sealed class StepServices(Lazy<IInferenceService> inference, HttpClient http, TimeProvider time)
{
    /// <summary>Answers for models, endpoints and pipelines.</summary>
    public IInferenceService Inference => inference.Value;

    /// <summary>Reaches other servers.</summary>
    public HttpClient Http { get; } = http;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;
}

/// <summary>One run of one step.</summary>
/// <param name="Pipeline">The request it belongs to.</param>
/// <param name="Inputs">What the step reads, in the order that it was bound with; they stay whose they are.</param>
/// <param name="Rows">Rows of the request, or of the part of it that a branch got.</param>
/// <param name="Deadline">When this run must be done, on the server's clock; null: no bound.</param>
internal readonly record struct StepCall(PipelineCall Pipeline, IReadOnlyList<Tensor> Inputs, long Rows, long? Deadline);
