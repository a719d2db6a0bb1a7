using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Predicates;
using Slipway.Pmml.Results;
using Slipway.Pmml.Transformations;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Scorecards;

/// <summary><c>Scorecard</c>: partial scores of characteristics, and the reasons for them.</summary>
internal sealed class ScorecardPlan : ModelPlan
{
    private readonly double _initial;
    private readonly Characteristic[] _characteristics;
    private readonly int _partials;
    private readonly bool _isPointsBelow;
    private readonly bool _hasReasons;

    private ScorecardPlan(ModelResult result, double initial, Characteristic[] characteristics, int partials, bool hasReasons, bool isPointsBelow)
        : base(result)
    {
        (_initial, _characteristics, _partials, _hasReasons, _isPointsBelow) = (initial, characteristics, partials, hasReasons, isPointsBelow);
    }

    private sealed record Characteristic(Predicate[] Predicates, double[] Scores, Expression?[] Computed, double[] Reasons, double Baseline);

    /// <summary>Compiles the element.</summary>
    public static ScorecardPlan Compile(ModelContext model)
    {
        PmmlElement element = model.Element;
        bool hasReasons = element.Boolean("useReasonCodes") ?? true;
        List<Characteristic> characteristics = [];
        foreach (PmmlElement characteristic in element.RequiredChild("Characteristics").ChildrenNamed("Characteristic"))
        {
            PmmlElement[] attributes = [.. characteristic.ChildrenNamed("Attribute")];
            string? reason = characteristic.Attribute("reasonCode");
            characteristics.Add(new Characteristic(
                [.. attributes.Select(attribute => PredicateCompiler.CompileIn(attribute, model.Scope, model.Plan))],
                [.. attributes.Select(static attribute => attribute.Number("partialScore") ?? Cell.Missing)],
                [.. attributes.Select(attribute => attribute.Child("ComplexPartialScore") is { } complex
                    ? ExpressionCompiler.CompileIn(complex, model.Scope, model.Plan)?.To(PmmlType.Double)
                    : null)],
                [.. attributes.Select(attribute => (attribute.Attribute("reasonCode") ?? reason) is { } code ? model.Plan.Code(code) : Cell.Missing)],
                characteristic.Number("baselineScore") ?? element.Number("baselineScore") ?? 0));
        }

        int partials = hasReasons ? model.Plan.AddSlots(2 * characteristics.Count, Cell.Missing) : -1;
        return new ScorecardPlan(
            model.NewResult(), element.Number("initialScore") ?? 0, [.. characteristics], partials, hasReasons, element.Attribute("reasonCodeAlgorithm") != "pointsAbove");
    }

    public override void Evaluate(Frame frame)
    {
        double score = _initial;
        for (int i = 0; i < _characteristics.Length; i++)
        {
            Characteristic characteristic = _characteristics[i];
            Predicate[] predicates = characteristic.Predicates;
            int hit = 0;
            while (hit < predicates.Length && predicates[hit].Evaluate(frame) != Truth.True)
            {
                hit++;
            }

            if (hit == predicates.Length)
            {
                return;
            }

            double partial = characteristic.Computed[hit] is { } computed ? computed.Evaluate(frame) : characteristic.Scores[hit];
            if (_hasReasons)
            {
                double below = characteristic.Baseline - partial;
                frame[_partials + (2 * i)] = _isPointsBelow ? below : -below;
                frame[_partials + (2 * i) + 1] = characteristic.Reasons[hit];
            }

            score += partial;
        }

        if (!double.IsNaN(score))
        {
            frame[Result.Value] = score;
        }
    }

    /// <inheritdoc/>
    public override Expression? Feature(OutputRequest request)
    {
        if (request.Feature != "reasonCode")
        {
            return null;
        }

        int rank = request.Rank;
        return !_hasReasons
            ? throw PmmlError.Invalid(request.Element, "asks for a reason code, and the scorecard has useReasonCodes=\"false\"")
            : new DelegateExpression(PmmlType.String, frame => Reason(frame, rank));
    }

    // Differences add up by reason code; the largest comes first, of equals the one met first.
    private double Reason(Frame frame, int rank)
    {
        int most = _characteristics.Length;
        Span<double> codes = most <= 128 ? stackalloc double[most] : new double[most];
        Span<double> points = most <= 128 ? stackalloc double[most] : new double[most];
        int count = 0;
        for (int i = 0; i < _characteristics.Length; i++)
        {
            double point = frame[_partials + (2 * i)];
            double code = frame[_partials + (2 * i) + 1];
            if (Cell.IsMissing(code) || double.IsNaN(point))
            {
                continue;
            }

            int known = codes[..count].IndexOf(code);
            if (known < 0)
            {
                (codes[count], points[count]) = (code, point);
                count++;
            }
            else
            {
                points[known] += point;
            }
        }

        for (int place = 1; count > 0 && place <= rank; place++)
        {
            int best = 0;
            for (int i = 1; i < count; i++)
            {
                best = points[i] > points[best] ? i : best;
            }

            // A negative difference explains nothing.
            if (place == rank || points[best] < 0)
            {
                return points[best] < 0 ? Cell.Missing : codes[best];
            }

            // Keeps the order of the rest.
            codes[(best + 1)..count].CopyTo(codes[best..]);
            points[(best + 1)..count].CopyTo(points[best..]);
            count--;
        }

        return Cell.Missing;
    }
}
