using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Expressions;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Binding;

/// <summary>Checks rules and conditions: finds what their names mean, and compiles them.</summary>
internal static class RulesBinder
{
    private static readonly Dictionary<string, string> NoAliases = [];

    /// <summary>The step; null when something is wrong, which is noted, or when it depends on what nobody knows.</summary>
    public static RulesAction? Bind(BindScope scope, RulesBody body, string key)
    {
        NameTable names = new(scope, body.Inputs, key);
        try
        {
            RulesProgram? program = RulesProgram.Compile(Parser.ReadRules(body.Text), names.Find);
            return program is null || names.HasFaults ? null : new RulesAction(program, names.Widths) { Inputs = names.Positions, Outputs = program.Outputs };
        }
        catch (SlipwayException failure) when (failure.Code == ErrorCode.InvalidConfiguration)
        {
            scope.Refuse($"{key}.rules", failure.Message);
            return null;
        }
    }

    /// <summary>A condition; null when something is wrong, which is noted, or when it depends on what nobody knows.</summary>
    /// <param name="scope">What is known.</param>
    /// <param name="text">The condition.</param>
    /// <param name="key">Its key.</param>
    /// <param name="local">Values that are no values of the pipeline and come before them: the first has position -2, the next -3 …</param>
    public static Condition? BindCondition(BindScope scope, string text, string key, IReadOnlyList<TensorSignature> local)
    {
        NameTable names = new(scope, NoAliases, key) { Local = local };
        try
        {
            Syntax condition = Parser.ReadExpression(text);
            RulesProgram? program = RulesProgram.Compile([new Definition(condition.At, "condition", condition, true)], names.Find);
            if (program is not null && program.Outputs[0].DataType != TensorDataType.Bool)
            {
                scope.Refuse(key, "a condition is true or false for each row");
                return null;
            }

            return program is null || names.HasFaults ? null : new Condition(program, names.Positions, names.Widths);
        }
        catch (SlipwayException failure) when (failure.Code == ErrorCode.InvalidConfiguration)
        {
            scope.Refuse(key, failure.Message);
            return null;
        }
    }

    /// <summary>The names of a text of rules that are not its own; none when it can't be read, which is found elsewhere.</summary>
    public static IEnumerable<string> NamesOf(RulesBody body)
    {
        try
        {
            return [.. FreeNames.Of(Parser.ReadRules(body.Text)).Select(name => body.Inputs.GetValueOrDefault(name.Path, name.Path)).Distinct()];
        }
        catch (SlipwayException)
        {
            return [.. body.Inputs.Values];
        }
    }

    /// <summary>The names of a condition; none when it can't be read, which is found elsewhere.</summary>
    public static IEnumerable<string> NamesOf(string condition)
    {
        try
        {
            return [.. FreeNames.Of(Parser.ReadExpression(condition)).Select(static name => name.Path).Distinct()];
        }
        catch (SlipwayException)
        {
            return [];
        }
    }
}
