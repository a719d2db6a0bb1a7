using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Models.Anomaly;
using Slipway.Pmml.Models.Association;
using Slipway.Pmml.Models.Baselines;
using Slipway.Pmml.Models.Bayes;
using Slipway.Pmml.Models.Clusters;
using Slipway.Pmml.Models.Gaussian;
using Slipway.Pmml.Models.General;
using Slipway.Pmml.Models.Mining;
using Slipway.Pmml.Models.Neighbors;
using Slipway.Pmml.Models.Networks;
using Slipway.Pmml.Models.Neural;
using Slipway.Pmml.Models.Regression;
using Slipway.Pmml.Models.Rules;
using Slipway.Pmml.Models.Scorecards;
using Slipway.Pmml.Models.Sequences;
using Slipway.Pmml.Models.Series;
using Slipway.Pmml.Models.Texts;
using Slipway.Pmml.Models.Trees;
using Slipway.Pmml.Models.Vectors;
using Slipway.Pmml.Results;
using Slipway.Pmml.Transformations;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Compilation;

/// <summary>Compiles model elements, each with its output fields, and the models within them.</summary>
internal static class ModelCompiler
{
    private static readonly Dictionary<string, Func<ModelContext, ModelPlan>> ByName = new(StringComparer.Ordinal)
    {
        ["AnomalyDetectionModel"] = AnomalyDetectionPlan.Compile,
        ["AssociationModel"] = AssociationPlan.Compile,
        ["BaselineModel"] = BaselinePlan.Compile,
        ["BayesianNetworkModel"] = BayesianNetworkPlan.Compile,
        ["ClusteringModel"] = ClusteringPlan.Compile,
        ["GaussianProcessModel"] = GaussianProcessPlan.Compile,
        ["GeneralRegressionModel"] = GeneralRegressionPlan.Compile,
        ["MiningModel"] = MiningPlan.Compile,
        ["NaiveBayesModel"] = NaiveBayesPlan.Compile,
        ["NearestNeighborModel"] = NearestNeighborPlan.Compile,
        ["NeuralNetwork"] = NeuralNetworkPlan.Compile,
        ["RegressionModel"] = RegressionPlan.Compile,
        ["RuleSetModel"] = RuleSetPlan.Compile,
        ["Scorecard"] = ScorecardPlan.Compile,
        ["SequenceModel"] = SequencePlan.Compile,
        ["SupportVectorMachineModel"] = SupportVectorMachinePlan.Compile,
        ["TextModel"] = TextPlan.Compile,
        ["TimeSeriesModel"] = TimeSeriesPlan.Compile,
        ["TreeModel"] = TreePlan.Compile,
    };

    /// <summary>Names of the model elements that are compiled.</summary>
    public static IEnumerable<string> Supported => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>Compiles the model that callers score.</summary>
    /// <param name="element">The model.</param>
    /// <param name="plan">The plan.</param>
    public static ModelUnit CompileRoot(PmmlElement element, PlanBuilder plan)
    {
        List<MiningField> fields = MiningField.ReadAll(element);
        Scope scope = new(null) { GlobalDerived = DerivedFields.Global(plan) };
        MiningSchema.BindInputs(fields, scope, plan, CollectionsOf(element, fields));
        DerivedFields.AddLocal(element, scope, plan);
        string? target = fields.Find(static field => field.IsTarget)?.Name;
        return Compile(new ModelContext
        {
            Element = element,
            Scope = scope,
            Plan = plan,
            Fields = fields,
            TargetName = target,
            Target = target is null ? null : plan.DataFields.GetValueOrDefault(target),
            Compiler = CompileInner,
        });
    }

    private static IReadOnlyCollection<string> CollectionsOf(PmmlElement element, List<MiningField> fields) => element.Name switch
    {
        "AssociationModel" => AssociationPlan.CollectionOf(element, fields) is { } basket ? [basket] : [],
        "SequenceModel" => SequencePlan.CollectionsOf(fields),
        _ => [],
    };

    private static ModelUnit CompileInner(ModelContext parent, PmmlElement element, Scope scope) => Compile(parent.Inner(element, scope));

    private static ModelUnit Compile(ModelContext model)
    {
        PmmlElement element = model.Element;
        if (!ByName.TryGetValue(element.Name, out Func<ModelContext, ModelPlan>? compile))
        {
            throw PmmlError.NotSupported(element, "the model element");
        }

        if (element.Boolean("isScorable") == false)
        {
            throw PmmlError.NotSupported(element, "scoring a model that says isScorable=\"false\"");
        }

        model.Plan.Enter(element);
        ModelPlan plan = compile(model);
        TargetCorrection? correction = TargetCorrection.Read(element, model.TargetName, plan.Result.Type, model.Plan, out IReadOnlyDictionary<double, string> displayValues);
        ModelUnit unit = new(plan, model.TargetName, model.Target, correction, model.Plan.AddSlot(Cell.Missing));
        unit.InnerOutputs.AddRange(plan is SequencePlan sequences && element.Child("Output") is null ? sequences.DefaultOutputs() : InnerOutputs(plan));
        AddTargets(unit, plan, model);
        new OutputCompiler(model, unit, displayValues).Compile();
        model.Plan.Leave();
        return unit;
    }

    // Where a model names several targets, the models within it predict one each.
    private static void AddTargets(ModelUnit unit, ModelPlan plan, ModelContext model)
    {
        foreach (MiningField field in model.Fields.Where(static field => field.IsTarget))
        {
            if (plan.Target(field.Name) is { } own)
            {
                unit.FurtherTargets[field.Name] = own;
                continue;
            }

            foreach (ModelUnit inner in plan is ChainPlan chain ? chain.Segments.Select(static segment => segment.Unit) : [])
            {
                if (inner.TargetName == field.Name)
                {
                    unit.FurtherTargets[field.Name] = new SlotExpression(inner.Result.Value, inner.Result.Type);
                }
                else if (inner.FurtherTargets.TryGetValue(field.Name, out Expression? further))
                {
                    unit.FurtherTargets[field.Name] = further;
                }
            }
        }

        if (model.Fields.Count(static field => field.IsTarget) == 1 && plan is ChainPlan)
        {
            unit.FurtherTargets.Clear();
        }
    }

    // Of a chain those of the models that may be the last, of a choice those of the model that is chosen.
    private static IEnumerable<OutputColumn> InnerOutputs(ModelPlan plan)
    {
        IEnumerable<ModelUnit> units = plan switch
        {
            ChainPlan { GivesAll: true } chain => chain.Segments.Select(static segment => segment.Unit),
            ChainPlan chain => Last(chain.Segments),
            SelectFirstPlan choice => choice.Segments.Select(static segment => segment.Unit),
            _ => [],
        };
        foreach (IGrouping<string, OutputColumn> group in units.SelectMany(static unit => unit.InnerOutputs.Concat(unit.Outputs)).GroupBy(static column => column.Name, StringComparer.Ordinal))
        {
            OutputColumn[] columns = [.. group];
            yield return columns.Length == 1 || Array.Exists(columns, column => column.Type != columns[0].Type)
                ? columns[0]
                : columns[0] with { Value = new DelegateExpression(columns[0].Type, frame => First(columns, frame)) };
        }
    }

    // The last segment, and those before it back to one that takes part whatever the row.
    private static IEnumerable<ModelUnit> Last(Segment[] segments)
    {
        int first = segments.Length - 1;
        while (first > 0 && !segments[first].IsAlways)
        {
            first--;
        }

        return segments[first..].Select(static segment => segment.Unit);
    }

    private static double First(OutputColumn[] columns, Frame frame)
    {
        foreach (OutputColumn column in columns)
        {
            double value = column.Value.Evaluate(frame);
            if (!Cell.IsMissing(value))
            {
                return value;
            }
        }

        return Cell.Missing;
    }
}
