using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Binding;

/// <summary>Checks steps that divide rows among branches.</summary>
internal static class BranchBinder
{
    /// <summary>A switch; null when something is wrong, which is noted, or when it depends on what nobody knows.</summary>
    public static SwitchAction? Bind(BindScope scope, SwitchBody body, string key, IReadOnlyCollection<string>? read)
    {
        List<int> inputs = [];
        List<(Condition? Condition, int First, RowBranch? Branch)> cases = [];
        IReadOnlyList<TensorSignature>? outputs = null;
        for (int i = 0; i < body.Cases.Count; i++)
        {
            Condition? condition = RulesBinder.BindCondition(scope, body.Cases[i].When, $"{key}.switch[{i}].when", []);
            int first = inputs.Count;
            inputs.AddRange(condition?.Inputs ?? []);
            cases.Add((condition, first, BindBranch(scope, body.Cases[i].Body, $"{key}.switch[{i}]", read, inputs, ref outputs)));
        }

        RowBranch? otherwise = BindBranch(scope, body.Otherwise, $"{key}.switch[{body.Cases.Count}]", read, inputs, ref outputs);
        return otherwise is null || cases.Any(static one => one.Condition is null || one.Branch is null)
            ? null
            : new SwitchAction([.. cases.Select(static one => (one.Condition!, one.First, one.Branch!))], otherwise) { Inputs = inputs, Outputs = outputs! };
    }

    /// <summary>A cascade; null when something is wrong, which is noted, or when it depends on what nobody knows.</summary>
    public static CascadeAction? Bind(BindScope scope, CascadeBody body, string key, IReadOnlyCollection<string>? read)
    {
        List<int> inputs = [];
        List<(RowBranch? Branch, Condition? Accept, int First)> stages = [];
        IReadOnlyList<TensorSignature>? outputs = null;
        for (int i = 0; i < body.Stages.Count; i++)
        {
            // A condition may read outputs that nobody else does.
            IReadOnlyCollection<string>? wanted = read is null ? null : [.. read.Concat(body.Stages.SelectMany(static stage => RulesBinder.NamesOf(stage.Accept))).Distinct()];
            RowBranch? branch = BindBranch(scope, body.Stages[i].Body, $"{key}.cascade[{i}]", wanted, inputs, ref outputs);
            int first = inputs.Count;
            Condition? accept = branch is null ? null : RulesBinder.BindCondition(scope, body.Stages[i].Accept, $"{key}.cascade[{i}].accept", branch.Action.Outputs);
            inputs.AddRange(accept?.Inputs.Where(static position => position >= 0) ?? []);
            stages.Add((branch, accept, first));
        }

        RowBranch? last = BindBranch(scope, body.Last, $"{key}.cascade[{body.Stages.Count}]", outputs is null ? read : [.. outputs.Select(static output => output.Name)], inputs, ref outputs);
        return last is null || stages.Any(static stage => stage.Branch is null || stage.Accept is null)
            ? null
            : new CascadeAction([.. stages.Select(static stage => (stage.Branch!, stage.Accept!, stage.First))], last) { Inputs = inputs, Outputs = outputs! };
    }

    private static RowBranch? BindBranch(BindScope scope, StepBody body, string key, IReadOnlyCollection<string>? read, List<int> inputs, ref IReadOnlyList<TensorSignature>? outputs)
    {
        if (BodyBinder.Bind(scope, body, key, read) is not { } action)
        {
            return null;
        }

        if (action.Outputs.FirstOrDefault(static output => !output.IsRankUnknown && !TypeFit.IsRows(output)) is { } single)
        {
            scope.Refuse(key, $"output '{single.Name}' has shape {single.Shape}, and branches give a value or more for each row ([-1,…])");
            return null;
        }

        if (outputs is not null && OutputFit.Problem(outputs, action.Outputs) is { } problem)
        {
            scope.Refuse(key, $"all branches give the same outputs: {problem}");
            return null;
        }

        outputs ??= action.Outputs;
        int first = inputs.Count;
        inputs.AddRange(action.Inputs);
        return new RowBranch(action, first, [.. action.Inputs.Select(scope.IsRows)]);
    }
}
