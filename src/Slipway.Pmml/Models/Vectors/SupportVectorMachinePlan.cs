using System.Globalization;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Vectors;

/// <summary><c>SupportVectorMachineModel</c>: regression, and classification one against one or one against all.</summary>
internal sealed class SupportVectorMachinePlan : ModelPlan
{
    // PMML 3.2: the one machine says 1 for its category and 0 for this one.
    private const string AlternateOfAll = "alternateBinaryTargetCategory";
    private const double MiddleOfZeroAndOne = 0.5;

    private readonly Expression[] _fields;
    private readonly Func<double[], double[], double> _kernel;
    private readonly Machine[] _machines;
    private readonly bool _isPairwise;
    private readonly bool _maxWins;
    private readonly double _threshold;

    private SupportVectorMachinePlan(
        ModelResult result, Expression[] fields, Func<double[], double[], double> kernel, Machine[] machines, bool isPairwise, bool maxWins, double threshold)
        : base(result)
    {
        (_fields, _kernel, _machines, _isPairwise, _maxWins, _threshold) = (fields, kernel, machines, isPairwise, maxWins, threshold);
    }

    private sealed record Machine(double[][] Vectors, double[] Coefficients, double Bias, int Target, int Alternate, double Threshold);

    /// <summary>Compiles the element.</summary>
    public static SupportVectorMachinePlan Compile(ModelContext model)
    {
        PmmlElement element = model.Element;
        PmmlElement dictionary = element.RequiredChild("VectorDictionary");
        Expression[] fields = FieldsOf(dictionary.RequiredChild("VectorFields"), model);
        Dictionary<string, double[]> vectors = new(StringComparer.Ordinal);
        foreach (PmmlElement instance in dictionary.ChildrenNamed("VectorInstance"))
        {
            double[] vector = PmmlArray.NumbersIn(instance, fields.Length);
            vectors[instance.Required("id")] = vector.Length == fields.Length
                ? vector
                : throw PmmlError.Invalid(instance, string.Create(CultureInfo.InvariantCulture, $"has {vector.Length} coordinates for {fields.Length} fields"));
        }

        PmmlElement[] machines = [.. element.ChildrenNamed("SupportVectorMachine")];
        ModelResult result = model.NewResult();
        if (model.IsClassification)
        {
            result.WithProbabilities(model.CategoriesWith((model.Target?.ValidValues ?? []).Concat(machines.SelectMany(machine =>
                new[] { machine.Attribute("targetCategory"), machine.Attribute("alternateTargetCategory"), element.Attribute(AlternateOfAll) }.OfType<string>().Select(text => model.Category(machine, text))))));
        }
        else if (machines.Length != 1)
        {
            throw PmmlError.Invalid(element, "predicts a number and has not just one SupportVectorMachine");
        }

        // R leaves out the method, whose default is one against all, and writes machines for pairs: an alternative says which it is.
        bool isPairwise = element.Attribute("classificationMethod") == "OneAgainstOne" || Array.Exists(machines, static machine => machine.Attribute("alternateTargetCategory") is not null);
        bool isZeroOrOne = machines.Length == 1 && element.Attribute(AlternateOfAll) is not null && element.Attribute("threshold") is null;
        Machine[] read = [.. machines.Select(machine => Read(machine, vectors, element.Attribute("svmRepresentation") == "Coefficients", result, model))];
        isPairwise |= machines.Length == 1;
        if (model.IsClassification && isPairwise && Array.FindIndex(read, static machine => machine.Alternate < 0) is >= 0 and var alone)
        {
            throw PmmlError.Invalid(machines[alone], "has no alternateTargetCategory, and its target has not just two values");
        }

        return new SupportVectorMachinePlan(
            result,
            fields,
            VectorKernel.Read(element),
            read,
            isPairwise,
            isZeroOrOne || (element.Boolean("maxWins") ?? false),
            element.Number("threshold") ?? (isZeroOrOne ? MiddleOfZeroAndOne : 0));
    }

    public override void Evaluate(Frame frame)
    {
        double[] row = new double[_fields.Length];
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = _fields[i].Evaluate(frame);
            if (double.IsNaN(row[i]))
            {
                return;
            }
        }

        if (Result.Probabilities < 0)
        {
            frame[Result.Value] = Score(_machines[0], row);
            return;
        }

        Span<double> scores = Result.ProbabilitiesOf(frame);
        if (_isPairwise)
        {
            scores.Clear();
            foreach (Machine machine in _machines)
            {
                double threshold = double.IsNaN(machine.Threshold) ? _threshold : machine.Threshold;
                double score = Score(machine, row);
                scores[(_maxWins ? score > threshold : score < threshold) ? machine.Target : machine.Alternate] += 1.0 / _machines.Length;
            }

            Result.Decide(frame);
            return;
        }

        scores.Fill(Cell.Missing);
        int best = -1;
        foreach (Machine machine in _machines)
        {
            scores[machine.Target] = Score(machine, row);
            best = best < 0 || (_maxWins ? scores[machine.Target] > scores[best] : scores[machine.Target] < scores[best]) ? machine.Target : best;
        }

        frame[Result.Value] = Result.Categories[best];
    }

    private double Score(Machine machine, double[] row)
    {
        double sum = machine.Bias;
        if (machine.Vectors.Length == 0)
        {
            return sum + VectorKernel.Dot(machine.Coefficients, row);
        }

        for (int i = 0; i < machine.Vectors.Length; i++)
        {
            sum += machine.Coefficients[i] * _kernel(machine.Vectors[i], row);
        }

        return sum;
    }

    private static Machine Read(PmmlElement machine, Dictionary<string, double[]> vectors, bool isCoefficients, ModelResult result, ModelContext model)
    {
        PmmlElement coefficients = machine.RequiredChild("Coefficients");
        double[] values = [.. coefficients.ChildrenNamed("Coefficient").Select(static coefficient => coefficient.Number("value") ?? 0)];
        double[][] support = isCoefficients
            ? []
            : [.. machine.RequiredChild("SupportVectors").ChildrenNamed("SupportVector").Select(vector => vectors.TryGetValue(vector.Required("vectorId"), out double[]? known)
                ? known
                : throw PmmlError.Invalid(vector, $"names the vector '{vector.Attribute("vectorId")}', which the VectorDictionary does not have"))];
        if (!isCoefficients && support.Length != values.Length)
        {
            throw PmmlError.Invalid(machine, string.Create(CultureInfo.InvariantCulture, $"has {support.Length} support vectors and {values.Length} coefficients"));
        }

        int target = -1;
        int alternate = -1;
        if (model.IsClassification)
        {
            target = result.IndexOf(model.Category(machine, machine.Required("targetCategory")));
            alternate = (machine.Attribute("alternateTargetCategory") ?? model.Element.Attribute(AlternateOfAll)) is { } other
                ? result.IndexOf(model.Category(machine, other))
                : result.Categories.Length == 2 ? 1 - target : -1;
        }

        return new Machine(support, values, coefficients.Number("absoluteValue") ?? 0, target, alternate, machine.Number("threshold") ?? double.NaN);
    }

    private static Expression[] FieldsOf(PmmlElement fields, ModelContext model)
    {
        List<Expression> found = [];
        foreach (PmmlElement child in fields.Children)
        {
            switch (child.Name)
            {
                case "FieldRef":
                    found.Add(model.Scope.Get(child.Required("field"), child).Value.To(PmmlType.Double));
                    break;
                case "CategoricalPredictor":
                    FieldBinding field = model.Scope.Get(child.Required("name"), child);
                    double category = model.Plan.Constant(child, child.Required("value"), field.Type);
                    double weight = child.Number("coefficient") ?? 1;
                    Expression value = field.Value;
                    found.Add(new DelegateExpression(PmmlType.Double, frame => value.Evaluate(frame) is var cell && Cell.IsMissing(cell) ? cell : cell == category ? weight : 0));
                    break;
            }
        }

        return [.. found];
    }
}
