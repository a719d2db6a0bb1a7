using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.General;

/// <summary>The value of one parameter's predictors for a row: the product of covariates to a power and of factors at a category. Immutable.</summary>
internal sealed class GeneralTerm
{
    private readonly List<Func<Frame, double>> _cells = [];

    /// <summary>Adds a cell of the matrix of predictors and parameters.</summary>
    public void Add(PmmlElement cell, ModelContext model)
    {
        string name = cell.Required("predictorName");
        string text = cell.Required("value");
        FieldBinding field = model.Scope.Get(name, cell);
        PmmlElement? factor = model.Element.Child("FactorList")?.ChildrenNamed("Predictor").FirstOrDefault(each => each.Attribute("name") == name);
        if (factor is null)
        {
            AddCovariate(cell, field, text);
        }
        else if (factor.Child("Matrix") is { } matrix)
        {
            AddContrast(cell, field, factor, matrix, text, model.Plan);
        }
        else
        {
            Expression value = field.Value;
            double category = model.Plan.Constant(cell, text, field.Type);
            _cells.Add(frame => value.Evaluate(frame) is var given && Cell.IsMissing(given) ? double.NaN : given == category ? 1 : 0);
        }
    }

    /// <summary>The product; 1 for a parameter without predictors, NaN when one has no value.</summary>
    public double Evaluate(Frame frame)
    {
        double product = 1;
        foreach (Func<Frame, double> cell in _cells)
        {
            product *= cell(frame);
        }

        return product;
    }

    private void AddCovariate(PmmlElement cell, FieldBinding field, string text)
    {
        if (!PmmlNumber.TryParse(text, out double exponent))
        {
            throw PmmlError.Invalid(cell, $"raises a covariate to the power '{text}'");
        }

        Expression value = field.Value.To(PmmlType.Double);
        _cells.Add(exponent == 1 ? value.Evaluate : frame => Math.Pow(value.Evaluate(frame), exponent));
    }

    private void AddContrast(PmmlElement cell, FieldBinding field, PmmlElement factor, PmmlElement matrix, string text, PlanBuilder plan)
    {
        double[] categories =
        [
            .. factor.Child("Categories")?.ChildrenNamed("Category").Select(category => plan.Constant(category, category.Required("value"), field.Type)) ?? field.Categories,
        ];
        int column = Array.IndexOf(categories, plan.Constant(cell, text, field.Type));
        double[][] contrasts = PmmlArray.Matrix(matrix);
        if (column < 0 || contrasts.Length < categories.Length || contrasts.Any(row => column >= row.Length))
        {
            throw PmmlError.Invalid(cell, $"names '{text}', for which the contrast matrix has no column");
        }

        Expression value = field.Value;
        _cells.Add(frame => Array.IndexOf(categories, value.Evaluate(frame)) is >= 0 and var row ? contrasts[row][column] : double.NaN);
    }
}
