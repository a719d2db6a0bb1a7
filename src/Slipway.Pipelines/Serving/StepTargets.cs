using Slipway.Core;

namespace Slipway.Pipelines.Serving;

/// <summary>
/// What the steps of pipelines ask. Endpoints lie around pipelines, so that an arm may be one, and steps ask endpoints: each is found when it is asked for the first time,
/// since it is made around the pipelines themselves.
/// </summary>
/// <param name="Inference">Answers for endpoints, pipelines and models.</param>
/// <param name="Catalog">Which endpoints, pipelines and models there are.</param>
public sealed record StepTargets(Lazy<IInferenceService> Inference, Lazy<IModelCatalog> Catalog);
