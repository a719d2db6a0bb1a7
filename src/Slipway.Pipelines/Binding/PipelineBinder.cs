using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Binding;

/// <summary>Checks pipelines against what models take and give, and makes plans of those that fit. Pure.</summary>
internal static class PipelineBinder
{
    /// <summary>Version number that pipelines answer with; their digest tells one from another.</summary>
    public const long Version = 1;

    /// <summary>Makes a plan.</summary>
    /// <returns>Null when something is wrong or unknown; what is wrong is in <paramref name="faults"/>.</returns>
    public static Plan? Bind(PipelineDefinition pipeline, IModelSignatures signatures, out IReadOnlyList<PipelineFault> faults)
    {
        // 1. What can be seen without types: names, references, cycles. Types mean nothing while these are wrong.
        PipelineStructure structure = PipelineStructure.Read(pipeline);
        if (structure.Order is not { } order)
        {
            faults = structure.Faults;
            return null;
        }

        // 2. Types, step by step behind those that a step reads.
        BindScope scope = new(pipeline, signatures);
        StepAction?[] actions = new StepAction?[pipeline.Steps.Count];
        StepAction?[] standIns = new StepAction?[pipeline.Steps.Count];
        int[] firstValues = new int[pipeline.Steps.Count];
        foreach (int step in order)
        {
            firstValues[step] = scope.NextValue;
            BindStep(scope, pipeline.Steps[step], structure.Read(step), out actions[step], out standIns[step]);
            scope.Give(step, actions[step]?.Outputs);
        }

        List<(string Name, BoundValue Value)> outputs = [];
        foreach (PipelineOutput output in pipeline.Outputs)
        {
            if (scope.Resolve(output.From, $"outputs.{output.Name}") is { } value)
            {
                outputs.Add((output.Name, value));
            }
        }

        faults = scope.Faults;
        if (faults.Count > 0 || outputs.Count < pipeline.Outputs.Count || order.Any(step => actions[step] is null))
        {
            return null;
        }

        // 3. The plan.
        return new Plan
        {
            Definition = pipeline,
            Info = Describe(pipeline, outputs, scope),
            Steps = PlanSteps(pipeline, structure, order, actions, standIns, firstValues),
            Outputs = [.. outputs.Select(static output => (output.Name, output.Value.Position))],
            Values = scope.NextValue,
            Models = [.. scope.Models.Select(static pair => new PlanModel(pair.Key.Model, pair.Key.Version, pair.Value))],
        };
    }

    private static void BindStep(BindScope scope, StepDefinition step, IReadOnlyCollection<string>? read, out StepAction? action, out StepAction? standIn)
    {
        string key = $"steps.{step.Name}";
        action = BodyBinder.Bind(scope, step.Body, key, read);
        standIn = null;
        if (step.Fallback is null)
        {
            return;
        }

        standIn = BodyBinder.Bind(scope, step.Fallback, $"{key}.fallback", action is null ? read : [.. action.Outputs.Select(static output => output.Name)]);
        if (action is not null && standIn is not null && OutputFit.Problem(action.Outputs, standIn.Outputs) is { } problem)
        {
            scope.Refuse($"{key}.fallback", problem);
        }
    }

    private static PlanStep[] PlanSteps(
        PipelineDefinition pipeline, PipelineStructure structure, IReadOnlyList<int> order, StepAction?[] actions, StepAction?[] standIns, int[] firstValues)
    {
        int[] places = new int[order.Count];
        for (int i = 0; i < order.Count; i++)
        {
            places[order[i]] = i;
        }

        // Behind a view, what reads it also reads the memory that it shows; an output of a view needs that memory to the end.
        HashSet<int>[] sources = new HashSet<int>[order.Count];
        HashSet<int> kept = [];
        for (int i = 0; i < order.Count; i++)
        {
            sources[i] = [.. structure.Sources[order[i]].Select(source => places[source])];
            foreach (int source in sources[i].ToArray())
            {
                if (IsView(order[source]))
                {
                    sources[i].UnionWith(sources[source]);
                }
            }

            if (structure.IsOutput(order[i]) && IsView(order[i]))
            {
                kept.UnionWith(sources[i]);
            }
        }

        return
        [
            .. order.Select((step, place) => new PlanStep
            {
                Definition = pipeline.Steps[step],
                Action = actions[step]!,
                Fallback = standIns[step],
                FirstValue = firstValues[step],
                Sources = [.. sources[place].Order()],
                Dependents = [.. Enumerable.Range(0, order.Count).Where(other => sources[other].Contains(place))],
                IsOutput = structure.IsOutput(step) || kept.Contains(place),
            }),
        ];

        bool IsView(int step) => actions[step]!.IsView || standIns[step] is { IsView: true };
    }

    private static ServableInfo Describe(PipelineDefinition pipeline, List<(string Name, BoundValue Value)> outputs, BindScope scope)
    {
        TensorSignature[] given = [.. outputs.Select(static output => output.Value.Type with { Name = output.Name, IsOptional = false })];
        bool isBatchable = pipeline.Inputs.Concat(given).All(TypeFit.IsRows);
        int most = scope.Models.Values.Select(static model => model.MaxBatchSize).Where(static rows => rows > 0).Append(int.MaxValue).Min();
        return new ServableInfo(
            pipeline.Name, Version, Digest(pipeline, scope), new ModelSignature(pipeline.Inputs, given) { IsBatchable = isBatchable }, ModelConfig.Default)
        {
            Platform = "slipway_pipeline",
            MaxBatchSize = isBatchable ? most : 0,
        };
    }

    // The bytes that answer are the definition and the models that it reaches.
    private static string Digest(PipelineDefinition pipeline, BindScope scope)
    {
        StringBuilder text = new(pipeline.Text);
        foreach (((string model, VersionSelector version), ServableInfo servable) in scope.Models.OrderBy(static pair => pair.Key.Model + pair.Key.Version, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{model}{version} {servable.ModelName}:{servable.Version} {servable.Digest}");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
