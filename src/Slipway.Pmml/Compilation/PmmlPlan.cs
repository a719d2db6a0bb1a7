using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Compilation;

/// <summary>A document compiled: what it takes, what it gives and how it gets there. Immutable and thread-safe.</summary>
internal sealed class PmmlPlan
{
    private readonly double[] _template;
    private readonly Symbols _symbols;
    private readonly Expression[] _eager;

    private PmmlPlan(PlanBuilder builder, ModelUnit unit, PmmlElement model)
    {
        (_template, _symbols, _eager) = (builder.Template, builder.Symbols, [.. builder.Eager]);
        (Unit, Model) = (unit, model);
        Inputs = [.. builder.Inputs];
        Outputs = OutputsOf(unit);
        _symbols.Freeze();
        builder.Complete(NewFrame);
    }

    /// <summary>What callers give for each row; all of it may be left out.</summary>
    public IReadOnlyList<PlanInput> Inputs { get; }

    /// <summary>What callers get for each row.</summary>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>The model.</summary>
    public ModelUnit Unit { get; }

    /// <summary>The model element.</summary>
    public PmmlElement Model { get; }

    /// <summary>Compiles a document.</summary>
    /// <param name="document">The element <c>PMML</c>.</param>
    /// <param name="modelName">Which of its models; null for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Slipway.Core.SlipwayException">The document is wrong, or asks for something that is not supported.</exception>
    public static PmmlPlan Compile(PmmlElement document, string? modelName, CancellationToken cancellationToken)
    {
        PlanBuilder builder = new(document, cancellationToken);
        foreach (PmmlElement element in document.Child("DataDictionary")?.ChildrenNamed("DataField") ?? [])
        {
            DataField field = DataField.Read(element, builder);
            if (!builder.DataFields.TryAdd(field.Name, field))
            {
                throw PmmlError.Invalid(element, "appears twice in the DataDictionary");
            }
        }

        PmmlElement model = ModelOf(document, modelName);
        ModelUnit unit = ModelCompiler.CompileRoot(model, builder);
        return new PmmlPlan(builder, unit, model);
    }

    /// <summary>The model elements of a document.</summary>
    public static IEnumerable<PmmlElement> ModelsOf(PmmlElement document) => document.Children.Where(static child => child.Child("MiningSchema") is not null);

    /// <summary>A frame for rows of this plan.</summary>
    public Frame NewFrame() => new(_template, _symbols);

    /// <summary>Evaluates the first rows of a frame whose inputs have been put in place.</summary>
    public void Evaluate(Frame frame, int rows)
    {
        if (_eager.Length > 0)
        {
            for (int row = 0; row < rows; row++)
            {
                frame.MoveTo(row);
                Treat(frame, row);
            }
        }

        Unit.EvaluateBlock(frame, rows);
    }

    private void Treat(Frame frame, int row)
    {
        try
        {
            foreach (Expression field in _eager)
            {
                field.Evaluate(frame);
            }
        }
        catch (EvaluationException fault)
        {
            frame.Failures[row] = fault.Message;
        }
    }

    private static PmmlElement ModelOf(PmmlElement document, string? name)
    {
        PmmlElement[] models = [.. ModelsOf(document)];
        if (models.Length == 0)
        {
            throw PmmlError.Invalid("the document has no model");
        }

        return name is null
            ? models[0]
            : Array.Find(models, model => model.Attribute("modelName") == name)
                ?? throw PmmlError.Invalid($"the document has no model named '{name}'; it has {string.Join(", ", models.Select(static model => $"'{model.Attribute("modelName")}'"))}");
    }

    // The target first; an output field of its name takes its place.
    private static List<OutputColumn> OutputsOf(ModelUnit unit)
    {
        List<OutputColumn> outputs = [.. unit.Outputs];
        foreach (OutputColumn inner in unit.InnerOutputs.Where(inner => outputs.TrueForAll(column => column.Name != inner.Name)))
        {
            outputs.Add(inner);
        }

        string name = unit.TargetName ?? (outputs.Count == 0 ? "prediction" : "");
        if (name.Length > 0 && !unit.FurtherTargets.ContainsKey(name) && outputs.TrueForAll(column => column.Name != name))
        {
            ModelResult result = unit.Result;
            outputs.Insert(0, new OutputColumn(name, new SlotExpression(result.Value, result.Type), OpType.Categorical));
        }

        foreach ((string target, Expression value) in unit.FurtherTargets.Where(target => outputs.TrueForAll(column => column.Name != target.Key)))
        {
            outputs.Add(new OutputColumn(target, value, OpType.Categorical));
        }

        return outputs;
    }
}
