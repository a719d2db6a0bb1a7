using System.Globalization;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Functions;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Transformations;

/// <summary>Calls of functions: those of the standard, and those that the document defines, whose bodies are compiled into the place of the call.</summary>
internal static class ApplyCompiler
{
    /// <summary>Compiles a call.</summary>
    public static Expression Compile(PmmlElement element, Scope scope, PlanBuilder plan)
    {
        string name = element.Required("function");
        Expression[] arguments = [.. element.Children.Where(ExpressionCompiler.IsExpression).Select(child => ExpressionCompiler.Compile(child, scope, plan))];
        Expression call = Validity(element, name, scope) ?? BuiltIn(element, name, arguments) ?? Defined(element, name, arguments, plan)
            ?? throw PmmlError.NotSupported(element, $"the function '{name}'");
        return Treated(element, call, arguments, plan);
    }

    // Whether a field is valid only its declaration says: an invalid value may have been replaced before it gets here.
    private static Expression? Validity(PmmlElement element, string name, Scope scope)
    {
        if (name is not ("isValid" or "isNotValid") || element.Children is not [{ Name: "FieldRef" } reference]
            || scope.Find(reference.Required("field")) is not { Validity: { } validity } field)
        {
            return null;
        }

        Expression value = field.Value;
        return name == "isValid"
            ? validity
            : new DelegateExpression(PmmlType.Boolean, frame => Cell.IsMissing(value.Evaluate(frame)) ? 0 : 1 - validity.Evaluate(frame));
    }

    private static Expression? BuiltIn(PmmlElement element, string name, Expression[] arguments)
    {
        if (FunctionTable.Find(name) is not { } function)
        {
            return null;
        }

        if (arguments.Length < function.Fewest || arguments.Length > function.Most)
        {
            throw PmmlError.Invalid(element, string.Create(CultureInfo.InvariantCulture, $"gives '{name}' {arguments.Length} arguments"));
        }

        try
        {
            return function.Create(arguments);
        }
        catch (ArgumentException fault)
        {
            throw PmmlError.Invalid(element, $"gives '{name}' {fault.Message}");
        }
    }

    private static Expression? Defined(PmmlElement element, string name, Expression[] arguments, PlanBuilder plan)
    {
        PmmlElement? definition = plan.Document.Child("TransformationDictionary")?.ChildrenNamed("DefineFunction").FirstOrDefault(function => function.Attribute("name") == name);
        if (definition is null)
        {
            return null;
        }

        PmmlElement[] parameters = [.. definition.ChildrenNamed("ParameterField")];
        if (parameters.Length != arguments.Length)
        {
            throw PmmlError.Invalid(element, string.Create(CultureInfo.InvariantCulture, $"gives '{name}' {arguments.Length} arguments; it takes {parameters.Length}"));
        }

        // The body sees its parameters and nothing else. A function that calls itself runs into the bound on depth.
        Scope body = new(null);
        for (int i = 0; i < arguments.Length; i++)
        {
            PmmlType type = DataField.ReadType(parameters[i], "dataType", arguments[i].Type);
            Expression argument = arguments[i].To(type);
            body.Add(new FieldBinding(
                parameters[i].Required("name"),
                argument is ConstantExpression or SlotExpression or MemoExpression ? argument : plan.Memo(argument),
                DataField.ReadOpType(parameters[i], type)));
        }

        Expression result = ExpressionCompiler.CompileIn(definition, body, plan) ?? throw PmmlError.Invalid(definition, "has no expression");
        return result.To(DataField.ReadType(definition, "dataType", result.Type));
    }

    private static Expression Treated(PmmlElement element, Expression call, Expression[] arguments, PlanBuilder plan)
    {
        string? mapMissing = element.Attribute("mapMissingTo");
        string? otherwise = element.Attribute("defaultValue");
        bool isLenient = element.Attribute("invalidValueTreatment") is "asIs" or "asMissing";
        if (mapMissing is null && otherwise is null && !isLenient)
        {
            return call;
        }

        double replacement = mapMissing is null ? Cell.Missing : plan.Constant(element, mapMissing, call.Type);
        double fallback = otherwise is null ? Cell.Missing : plan.Constant(element, otherwise, call.Type);
        return new DelegateExpression(call.Type, frame =>
        {
            if (mapMissing is not null && Array.Exists(arguments, argument => Cell.IsMissing(argument.Evaluate(frame))))
            {
                return replacement;
            }

            double value;
            try
            {
                value = call.Evaluate(frame);
            }
            catch (EvaluationException) when (isLenient)
            {
                value = Cell.Missing;
            }

            return Cell.IsMissing(value) ? fallback : value;
        });
    }
}
