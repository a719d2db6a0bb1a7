using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Results;

/// <summary>Where a model leaves what it found for a row: slots of the frame. All of them hold <see cref="Cell.Missing"/> until the model has run.</summary>
internal sealed class ModelResult
{
    private readonly PlanBuilder? _plan;

    /// <summary>A result of a model whose predicted value has a type; without a plan it has no slots, and nobody may write it.</summary>
    public ModelResult(PlanBuilder? plan, PmmlType type)
    {
        _plan = plan;
        Type = type;
        Value = plan?.AddSlot(Cell.Missing) ?? -1;
    }

    /// <summary>Type of the predicted value.</summary>
    public PmmlType Type { get; }

    /// <summary>Slot of the predicted value.</summary>
    public int Value { get; }

    /// <summary>Categories that the model can predict, in order; empty for other models.</summary>
    public double[] Categories { get; private set; } = [];

    /// <summary>First slot of the probabilities (or votes, or scores) of the categories; -1 where there are none.</summary>
    public int Probabilities { get; private set; } = -1;

    /// <summary>First slot of the confidences of the categories; -1 where they are the probabilities.</summary>
    public int Confidences { get; private set; } = -1;

    /// <summary>Slot of the id (a symbol) of the node, cluster, rule or segment that won; -1 where there is none.</summary>
    public int Entity { get; private set; } = -1;

    /// <summary>Gives the result probabilities.</summary>
    public ModelResult WithProbabilities(IEnumerable<double> categories)
    {
        Categories = [.. categories];
        Probabilities = _plan?.AddSlots(Categories.Length, Cell.Missing) ?? -1;
        return this;
    }

    /// <summary>Names the categories without giving them probabilities.</summary>
    public ModelResult WithCategories(IEnumerable<double> categories)
    {
        Categories = [.. categories];
        return this;
    }

    /// <summary>Gives the result confidences of their own.</summary>
    public ModelResult WithConfidences()
    {
        Confidences = _plan?.AddSlots(Categories.Length, Cell.Missing) ?? -1;
        return this;
    }

    /// <summary>Gives the result the id of an entity.</summary>
    public ModelResult WithEntity()
    {
        Entity = _plan?.AddSlot(Cell.Missing) ?? -1;
        return this;
    }

    /// <summary>The probabilities of the current row.</summary>
    public Span<double> ProbabilitiesOf(Frame frame) => frame.Cells.AsSpan(frame.Base + Probabilities, Categories.Length);

    /// <summary>The confidences of the current row.</summary>
    public Span<double> ConfidencesOf(Frame frame) => frame.Cells.AsSpan(frame.Base + Confidences, Categories.Length);

    /// <summary>Predicts the most probable category; the first of equals. Nothing when all are missing.</summary>
    public void Decide(Frame frame)
    {
        Span<double> scores = ProbabilitiesOf(frame);
        int best = -1;
        for (int i = 0; i < scores.Length; i++)
        {
            if (!double.IsNaN(scores[i]) && (best < 0 || scores[i] > scores[best]))
            {
                best = i;
            }
        }

        if (best >= 0)
        {
            frame[Value] = Categories[best];
        }
    }

    /// <summary>The place of a category; -1 when it is none.</summary>
    public int IndexOf(double category) => Array.IndexOf(Categories, category);
}
