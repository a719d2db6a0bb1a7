using System.Globalization;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Models.Neighbors;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Gaussian;

/// <summary><c>GaussianProcessModel</c>: mean and variance of the predictive distribution (Rasmussen and Williams, Gaussian Processes, algorithm 2.1).</summary>
internal sealed class GaussianProcessPlan : ModelPlan
{
    private const int MaxInstances = 5_000;

    private readonly Expression[] _fields;
    private readonly double[][] _instances;
    private readonly CovarianceKernel _kernel;
    private readonly double[] _weights;
    private readonly double[][] _lower;
    private readonly int _row;

    private GaussianProcessPlan(ModelResult result, Expression[] fields, double[][] instances, CovarianceKernel kernel, double[] weights, double[][] lower, int row)
        : base(result)
    {
        (_fields, _instances, _kernel, _weights, _lower, _row) = (fields, instances, kernel, weights, lower, row);
    }

    /// <summary>Compiles the element.</summary>
    public static GaussianProcessPlan Compile(ModelContext model)
    {
        TrainingInstances training = new(model);
        if (training.Count is 0 or > MaxInstances)
        {
            throw PmmlError.Invalid(training.Element, string.Create(CultureInfo.InvariantCulture, $"has {training.Count} instances: expected 1 to {MaxInstances}"));
        }

        string target = model.TargetName ?? throw PmmlError.Invalid(model.Element, "has no target");
        string[] names = [.. training.Fields.Where(name => name != target && model.Scope.HasOwn(name) && model.Fields.Any(field => field.Name == name && field.IsActive))];
        Expression[] fields = [.. names.Select(name => model.Scope.Get(name, training.Element).Value.To(PmmlType.Double))];
        double[][] instances = [.. Enumerable.Range(0, training.Count).Select(row => names.Select(name => Number(training, row, name)).ToArray())];
        double[] targets = [.. Enumerable.Range(0, training.Count).Select(row => Number(training, row, target))];
        CovarianceKernel kernel = CovarianceKernel.Read(model.Element, names.Length);
        double[][] lower = Decompose(model.Element, instances, kernel);
        return new GaussianProcessPlan(
            model.NewResult(), fields, instances, kernel, SolveUpper(lower, SolveLower(lower, targets)), lower, model.Plan.AddSlots(names.Length, Cell.Missing));
    }

    public override void Evaluate(Frame frame)
    {
        if (!TryReadRow(frame))
        {
            return;
        }

        ReadOnlySpan<double> row = frame.Cells.AsSpan(frame.Base + _row, _fields.Length);
        double mean = 0;
        for (int i = 0; i < _instances.Length; i++)
        {
            mean += _weights[i] * _kernel.Covariance(row, _instances[i]);
        }

        frame[Result.Value] = mean;
    }

    /// <inheritdoc/>
    public override Expression? Feature(OutputRequest request) => request.Feature switch
    {
        "standardDeviation" or "standardError" => new DelegateExpression(PmmlType.Double, frame => Variance(frame) is var variance && Cell.IsMissing(variance) ? variance : Math.Sqrt(variance)),
        "variance" => new DelegateExpression(PmmlType.Double, Variance),
        "varianceWithNoise" => new DelegateExpression(PmmlType.Double, frame => Variance(frame) is var variance && Cell.IsMissing(variance) ? variance : variance + _kernel.Noise),
        _ => null,
    };

    private bool TryReadRow(Frame frame)
    {
        for (int i = 0; i < _fields.Length; i++)
        {
            double value = _fields[i].Evaluate(frame);
            if (double.IsNaN(value))
            {
                return false;
            }

            frame[_row + i] = value;
        }

        return true;
    }

    private double Variance(Frame frame)
    {
        if (Cell.IsMissing(frame[Result.Value]))
        {
            return Cell.Missing;
        }

        double[] row = frame.Cells.AsSpan(frame.Base + _row, _fields.Length).ToArray();
        double[] reduced = SolveLower(_lower, Array.ConvertAll(_instances, instance => _kernel.Covariance(row, instance)));
        double variance = _kernel.Covariance(row, row);
        foreach (double part in reduced)
        {
            variance -= part * part;
        }

        return Math.Max(0, variance);
    }

    private static double Number(TrainingInstances training, int row, string name) =>
        training.Text(row, name) is { } text && PmmlNumber.TryParse(text, out double value)
            ? value
            : throw PmmlError.Invalid(training.Element, string.Create(CultureInfo.InvariantCulture, $"has no number for '{name}' in its row {row + 1}"));

    // Cholesky's decomposition of the covariances with the noise on the diagonal.
    private static double[][] Decompose(PmmlElement element, double[][] instances, CovarianceKernel kernel)
    {
        double[][] lower = new double[instances.Length][];
        for (int i = 0; i < lower.Length; i++)
        {
            lower[i] = new double[i + 1];
            for (int j = 0; j <= i; j++)
            {
                double sum = kernel.Covariance(instances[i], instances[j]) + (i == j ? kernel.Noise : 0);
                for (int k = 0; k < j; k++)
                {
                    sum -= lower[i][k] * lower[j][k];
                }

                if (i == j && !(sum > 0))
                {
                    throw PmmlError.Invalid(element, "has training instances whose covariances are not positive definite");
                }

                lower[i][j] = i == j ? Math.Sqrt(sum) : sum / lower[j][j];
            }
        }

        return lower;
    }

    private static double[] SolveLower(double[][] lower, double[] right)
    {
        double[] solution = new double[right.Length];
        for (int i = 0; i < right.Length; i++)
        {
            double sum = right[i];
            for (int k = 0; k < i; k++)
            {
                sum -= lower[i][k] * solution[k];
            }

            solution[i] = sum / lower[i][i];
        }

        return solution;
    }

    private static double[] SolveUpper(double[][] lower, double[] right)
    {
        double[] solution = new double[right.Length];
        for (int i = right.Length - 1; i >= 0; i--)
        {
            double sum = right[i];
            for (int k = i + 1; k < right.Length; k++)
            {
                sum -= lower[k][i] * solution[k];
            }

            solution[i] = sum / lower[i][i];
        }

        return solution;
    }
}
