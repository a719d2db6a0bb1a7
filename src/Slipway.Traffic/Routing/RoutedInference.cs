using System.Diagnostics;
using Slipway.Core;
using Slipway.Traffic.Arms;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Bandits;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Shadowing;

namespace Slipway.Traffic.Routing;

/// <summary>Sends requests for endpoints to their arms; requests for models pass untouched. Thread-safe.</summary>
internal sealed class RoutedInference(IInferenceService inner, EndpointTable table, IModelCatalog models, SeededRandom random, TimeProvider time) : IInferenceService
{
    private readonly ArmRunner _runner = new(inner, time);

    /// <inheritdoc/>
    public ValueTask<InferenceResponse> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        if (!table.TryGet(request.ModelName, out Endpoint? endpoint))
        {
            return inner.InferAsync(request, cancellationToken);
        }

        if (request.Version.IsDefault)
        {
            return RunAsync(endpoint, endpoint.Choose(request, random, time), request, cancellationToken);
        }

        // A version or alias of a model that shares the endpoint's name is meant as such; otherwise a name is that of an arm.
        if (request.Version.Label is { } label && endpoint.Find(label) is { } arm)
        {
            return RunAsync(endpoint, new Choice(arm, "requested", ArmUse.Chosen), request, cancellationToken);
        }

        return models.TryGetModel(request.ModelName, out _)
            ? inner.InferAsync(request, cancellationToken)
            : throw EndpointNames.NoSuchVersion(endpoint.Definition, request.Version);
    }

    private async ValueTask<InferenceResponse> RunAsync(Endpoint endpoint, Choice choice, InferenceRequest request, CancellationToken cancellationToken)
    {
        Arm arm = choice.Arm;
        TagSpan(endpoint.Definition.Name, arm.Definition.Name, choice.Reason);
        InferenceResponse response;
        try
        {
            response = await _runner.RunAsync(arm, request, choice.Use, cancellationToken);
        }
        catch (Exception exception)
        {
            ErrorCode code = ArmRunner.CodeOf(exception);
            if (ArmRunner.IsArmsOwn(code))
            {
                choice.Decision?.Failed();
            }

            if (cancellationToken.IsCancellationRequested || !MayStandIn(arm.Definition.Fallback ?? endpoint.Definition.Fallback, code))
            {
                throw;
            }


            return await FallBackAsync(endpoint, arm, request, exception, cancellationToken);
        }

        foreach (Shadow shadow in endpoint.Shadows)
        {
            if (shadow.Definition.Of is not { } of || of == arm.Definition.Name)
            {
                shadow.Offer(request, response);
            }
        }

        return choice.Decision is { } decision
            ? AnswerLabels.Attach(response, endpoint.Definition.Name, arm.Definition.Name, choice.Reason, Open(decision, request))
            : AnswerLabels.Attach(response, endpoint.Definition.Name, arm.Definition.Name, choice.Reason);
    }

    private static void TagSpan(string endpoint, string arm, string reason)
    {
        if (Activity.Current is { IsAllDataRequested: true } span)
        {
            span.SetTag("slipway.endpoint", endpoint);
            span.SetTag("slipway.arm", arm);
            span.SetTag("slipway.assignment", reason);
        }
    }

    /// <summary>Lets the reward of an answer come.</summary>
    /// <returns>The id that will name the request.</returns>
    private string Open(BanditDecision decision, InferenceRequest request)
    {
        string id = RequestName.Of(request);
        id = id.Length > 0 ? id : $"{random.Next():x16}{random.Next():x16}";
        decision.Answered(id);
        return id;
    }

    // An engine that refuses values inside the graph can't tell whose fault they are: another version may take them, and if it does not, the caller is told so by that one.
    private static bool MayStandIn(FallbackDefinition? fallback, ErrorCode code) =>
        fallback is not null && (ArmRunner.IsArmsOwn(code) || (code == ErrorCode.ShapeMismatch && fallback.Arm is not null));

    private async ValueTask<InferenceResponse> FallBackAsync(Endpoint endpoint, Arm arm, InferenceRequest request, Exception failure, CancellationToken cancellationToken)
    {
        FallbackDefinition fallback = (arm.Definition.Fallback ?? endpoint.Definition.Fallback)!;
        string name = endpoint.Definition.Name;
        if (fallback.Answer is { } answer)
        {
            InferenceResponse prepared = StaticAnswer.Make(endpoint.StaticServable(answer), answer, request);
            arm.Meter.StoodIn();
            TagSpan(name, StaticAnswer.ArmName, "fallback");
            return AnswerLabels.Attach(prepared, name, StaticAnswer.ArmName, "fallback");
        }

        Arm other = endpoint.Find(fallback.Arm!)!;
        if (other == arm)
        {
            // The endpoint's fallback is this very arm: there is nobody left to ask.
            throw failure is SlipwayException ? failure : new SlipwayException(ErrorCode.Internal, "internal error", failure);
        }

        InferenceResponse response = await _runner.RunAsync(other, request, ArmUse.StandIn, cancellationToken);
        arm.Meter.StoodIn();
        TagSpan(name, other.Definition.Name, "fallback");
        return AnswerLabels.Attach(response, name, other.Definition.Name, "fallback");
    }
}
