using Slipway.Core;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Rollouts;

/// <summary>Attributes feedback to the version that answered, and sums it up by step. One for each rollout that asks for it. Thread-safe.</summary>
/// <param name="policy">What is reported.</param>
/// <param name="arm">Name of the old version's arm.</param>
/// <param name="stickyBy">Where the endpoint finds the key of an entity.</param>
internal sealed class QualityWatch(QualityPolicy policy, string arm, IReadOnlyList<KeySource> stickyBy)
{
    private const int Nowhere = -1;

    private readonly Lock _gate = new();
    private readonly AnswerMemory _requests = new(policy.Remembered, meansLatest: false);
    private readonly AnswerMemory _entities = new(policy.Remembered, meansLatest: true);
    private readonly Dictionary<int, QualityCounts> _counts = [];
    private volatile Step _step = new(Nowhere);

    /// <summary>A request is about to be routed.</summary>
    /// <returns>What <see cref="Remember"/> wants to know of it when it is answered.</returns>
    public AskedRequest Begin(InferenceRequest request) => new(_step, RequestName.Of(request) is { Length: > 0 } id ? KeyHash.Of(id) : null, KeyReader.EntityOf(request, stickyBy));

    /// <summary>Routes are about to change: what is asked until <see cref="Enter"/> belongs to no step.</summary>
    public void Leave() => _step = new Step(Nowhere);

    /// <summary>Routes are those of a step now.</summary>
    public void Enter(int step) => _step = new Step(step);

    /// <summary>A request was answered. Only what the weights divided, within one step, is remembered: the rest can't be compared.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="assignment">Who answered, and why.</param>
    public void Remember(in AskedRequest asked, RouteAssignment assignment)
    {
        Step step = _step;
        bool isNew = assignment.Arm == RolloutRoutes.Candidate;
        if (!ReferenceEquals(step, asked.Step) || step.Position == Nowhere || assignment.Reason is not ("weight" or "sticky") || (!isNew && assignment.Arm != arm))
        {
            return;
        }

        lock (_gate)
        {
            Answer answer = isNew ? step.New : step.Old;
            if (asked.Id is { } id)
            {
                _requests.Add(id, answer);
            }

            if (asked.Entity is { } entity)
            {
                _entities.Add(entity, answer);
            }
        }
    }

    /// <summary>A report in the form in which it is taken, and passed on; null when it is about something else.</summary>
    public StrayReport? Read(Feedback feedback)
    {
        if (feedback.Metric != policy.Metric || !double.IsFinite(feedback.Value))
        {
            return null;
        }

        return feedback.EntityKey is { } entity
            ? new StrayReport(feedback.Endpoint, feedback.Metric, KeyHash.Of(entity), IsEntity: true, feedback.Value)
            : new StrayReport(feedback.Endpoint, feedback.Metric, KeyHash.Of(feedback.RequestId ?? ""), IsEntity: false, feedback.Value);
    }

    /// <summary>Takes a report; false when it is about something else, or an answer that is not remembered here. One that comes again is taken and counts nothing.</summary>
    public bool Take(StrayReport report)
    {
        if (report.Metric != policy.Metric)
        {
            return false;
        }

        double loss = policy.LossOf(report.Value);
        lock (_gate)
        {
            if (!(report.IsEntity ? _entities : _requests).TryTake(report.Key, out Answer? answer))
            {
                return false;
            }

            if (answer is not null)
            {
                _counts[answer.Step] = _counts.GetValueOrDefault(answer.Step).Plus(answer.IsNew ? new QualityCounts(0, 0, 1, loss) : new QualityCounts(1, loss, 0, 0));
            }

            return true;
        }
    }

    /// <summary>Counts of steps with what reports said about them.</summary>
    public IReadOnlyList<StageCounts> AddTo(IReadOnlyList<StageCounts> stages)
    {
        lock (_gate)
        {
            return [.. stages.Select(stage => _counts.TryGetValue(stage.Step, out QualityCounts quality) ? stage with { Quality = quality } : stage)];
        }
    }

    /// <summary>A request under way.</summary>
    /// <param name="Step">The step in which it was asked.</param>
    /// <param name="Id">Hash of its id; null when it has none.</param>
    /// <param name="Entity">Hash of its entity's key; null when it has none.</param>
    internal readonly record struct AskedRequest(object Step, ulong? Id, ulong? Entity);

    private sealed class Step(int position)
    {
        public int Position => position;

        public Answer Old { get; } = new(position, IsNew: false);

        public Answer New { get; } = new(position, IsNew: true);
    }
}
