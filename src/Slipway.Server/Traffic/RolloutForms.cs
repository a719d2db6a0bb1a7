using System.Globalization;
using System.Text.Json;
using Slipway.Client.Rollouts;
using Slipway.Core;
using Slipway.Server.Configuration.Traffic;
using Slipway.Traffic.Rollouts;

namespace Slipway.Server.Traffic;

/// <summary>Rollouts in the words of the management API.</summary>
internal static class RolloutForms
{
    private const double MostSeconds = 366 * 86400.0;

    /// <summary>What is asked for.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>, naming the key.</exception>
    public static RolloutStart Read(RolloutRequest request, string? by) => new(request.Endpoint, request.To)
    {
        Plan = ReadPlan(request),
        Policy = ReadPolicy(request.Policy ?? new RolloutPolicyBody()),
        By = by,
    };

    /// <summary>Describes a rollout.</summary>
    public static RolloutDescription Describe(RolloutState state) => new(
        state.Id,
        state.Endpoint,
        state.Model,
        state.From,
        state.To,
        state.Plan.Name,
        JsonNamingPolicy.CamelCase.ConvertName(state.Phase.ToString()),
        state.Reason,
        state.Step + 1,
        [.. state.Plan.Steps.Select(Describe)],
        state.Started,
        Describe(state.Findings),
        [.. state.Stages.Select(Describe)])
    {
        Ended = state.Ended,
        StartedBy = state.StartedBy,
        Alias = state.Alias is { } alias ? new RolloutAliasBody(alias.Name, JsonNamingPolicy.CamelCase.ConvertName(alias.State.ToString()), alias.Note.Length > 0 ? alias.Note : null) : null,
    };

    /// <summary>Describes what happened to a rollout.</summary>
    public static RolloutEventBody Describe(RolloutEvent one) => new(
        one.Time, one.Kind, one.By, JsonNamingPolicy.CamelCase.ConvertName(one.State.Phase.ToString()), one.State.Step + 1, one.State.Reason, Describe(one.State.Findings));

    private static RolloutFindingBody[] Describe(IReadOnlyList<RolloutFinding> findings) =>
        [.. findings.Select(static one => new RolloutFindingBody(one.Measure, one.Old, one.New, one.Evidence, one.IsHarm, one.IsProven, one.Worst) { Note = one.Note.Length > 0 ? one.Note : null })];

    private static RolloutPlan ReadPlan(RolloutRequest request)
    {
        string name = request.Plan ?? (request.Steps is null ? RolloutPlan.Canary.Name : "custom");
        if (name == "custom")
        {
            return request.Steps is { Count: > 0 } steps
                ? new RolloutPlan(name, [.. steps.Select(ReadStep)])
                : throw new SlipwayException(ErrorCode.InvalidRequest, "plan: a custom plan needs 'steps'");
        }

        if (request.Steps is not null)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"steps: plan '{name}' has its own; steps are for 'custom'");
        }

        return RolloutPlan.Named.FirstOrDefault(plan => plan.Name == name) ?? throw new SlipwayException(
            ErrorCode.InvalidRequest, $"plan: one of {string.Join(", ", RolloutPlan.Named.Select(static plan => plan.Name))}, custom is expected, not '{name}'");
    }

    private static RolloutStep ReadStep(RolloutStepBody step, int position) => new()
    {
        Weight = step.Weight,
        Shadow = step.Shadow,
        MinRequests = step.MinRequests,
        MinTime = Seconds(step.MinTimeSeconds, $"steps[{position}].minTimeSeconds"),
        MaxTime = step.MaxTimeSeconds is { } most ? Seconds(most, $"steps[{position}].maxTimeSeconds") : new RolloutStep().MaxTime,
        Prove = step.Prove,
        Quality = step.Quality,
        Approval = step.Approval,
    };

    private static RolloutPolicy ReadPolicy(RolloutPolicyBody body)
    {
        RolloutPolicy otherwise = new();
        return new RolloutPolicy
        {
            FalseRollback = body.FalseRollback ?? otherwise.FalseRollback,
            FalsePromote = body.FalsePromote ?? otherwise.FalsePromote,
            ErrorMargin = body.ErrorMargin ?? otherwise.ErrorMargin,
            ErrorIgnored = body.ErrorIgnored ?? otherwise.ErrorIgnored,
            SlowAfter = body.SlowAfterSeconds is { } slow ? Seconds(slow, "policy.slowAfterSeconds") : null,
            Slowdown = body.Slowdown ?? otherwise.Slowdown,
            SlowMargin = body.SlowMargin ?? otherwise.SlowMargin,
            SlowIgnored = body.SlowIgnored ?? otherwise.SlowIgnored,
            MaxDisagreement = body.MaxDisagreement ?? otherwise.MaxDisagreement,
            Tolerance = body.Tolerance ?? otherwise.Tolerance,
            Metrics = body.Metrics ?? [],
            Windows = [.. (body.Windows ?? []).Select(ReadWindow)],
            Quality = body.Quality is { } quality ? ReadQuality(quality) : null,
            OnInconclusive = body.OnInconclusive switch
            {
                null or "hold" => Inconclusive.Hold,
                "rollBack" => Inconclusive.RollBack,
                "promote" => Inconclusive.Promote,
                _ => throw new SlipwayException(ErrorCode.InvalidRequest, "policy.onInconclusive: one of hold, rollBack, promote is expected"),
            },
            Shield = body.Shield ?? otherwise.Shield,
        };
    }

    private static RolloutWindow ReadWindow(RolloutWindowBody? body, int position)
    {
        string key = $"policy.windows[{position}]";
        return new RolloutWindow
        {
            Days = [.. (body?.Days ?? []).Select(day => RolloutPlanSettings.Weekdays.TryGetValue(day ?? "", out DayOfWeek known)
                ? known
                : throw new SlipwayException(ErrorCode.InvalidRequest, $"{key}.days: one of {string.Join(", ", RolloutPlanSettings.Weekdays.Keys)} is expected, not '{day}'"))],
            From = ReadTime(body?.From, key + ".from"),
            Until = ReadTime(body?.Until, key + ".until"),
        };
    }

    private static TimeOnly ReadTime(string? text, string key) => text is null ? TimeOnly.MinValue
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time) ? time
        : throw new SlipwayException(ErrorCode.InvalidRequest, $"{key}: a time of day in UTC as HH:MM is expected");

    private static QualityPolicy ReadQuality(RolloutQualityBody body)
    {
        QualityPolicy otherwise = new() { Metric = body.Metric ?? "" };
        return otherwise with
        {
            Lowest = body.Lowest ?? otherwise.Lowest,
            Highest = body.Highest ?? otherwise.Highest,
            LowerIsBetter = body.Better switch
            {
                null or "higher" => false,
                "lower" => true,
                _ => throw new SlipwayException(ErrorCode.InvalidRequest, "policy.quality.better: one of higher, lower is expected"),
            },
            Margin = body.Margin ?? otherwise.Margin,
            Ignored = body.Ignored ?? otherwise.Ignored,
            MinLabels = body.MinLabels ?? otherwise.MinLabels,
            Remembered = body.Remembered ?? otherwise.Remembered,
        };
    }

    private static TimeSpan Seconds(double seconds, string key) => seconds is >= 0 and <= MostSeconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new SlipwayException(ErrorCode.InvalidRequest, $"{key}: seconds from 0 to a year are expected");

    private static RolloutStepBody Describe(RolloutStep step) => new()
    {
        Weight = step.Weight,
        Shadow = step.Shadow,
        MinRequests = step.MinRequests,
        MinTimeSeconds = step.MinTime.TotalSeconds,
        MaxTimeSeconds = step.MaxTime.TotalSeconds,
        Prove = step.Prove,
        Quality = step.Quality,
        Approval = step.Approval,
    };

    private static RolloutStageBody Describe(StageCounts stage) => new(
        stage.Step + 1,
        stage.Share * 100,
        Describe(stage.Old, stage.Quality.Old, stage.Quality.OldLoss),
        Describe(stage.New, stage.Quality.New, stage.Quality.NewLoss),
        stage.Pairs.Copies,
        stage.Pairs.Failures,
        stage.Pairs.Disagreeing);

    private static RolloutSideBody Describe(SideCounts side, long reports, double loss) => new(side.Finished, side.Failures, side.Timed, side.Slow)
    {
        Reports = reports > 0 ? reports : null,
        Loss = reports > 0 ? loss / reports : null,
    };
}
