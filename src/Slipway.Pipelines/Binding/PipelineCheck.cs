using Slipway.Core;
using Slipway.Pipelines.Definitions;

namespace Slipway.Pipelines.Binding;

/// <summary>Says what is wrong with pipelines before they are served. Pure.</summary>
public static class PipelineCheck
{
    /// <summary>Every fault that can be seen without knowing the models.</summary>
    public static IReadOnlyList<PipelineFault> Find(PipelineDefinition pipeline) => Find(pipeline, new NoSignatures());

    /// <summary>Every fault.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="models">What models take and give.</param>
    public static IReadOnlyList<PipelineFault> Find(PipelineDefinition pipeline, IModelSignatures models)
    {
        PipelineBinder.Bind(pipeline, models, out IReadOnlyList<PipelineFault> faults);
        return faults;
    }

    /// <summary>Faults between pipelines: names given twice, pipelines that call each other in a ring. The key begins with the pipeline's name.</summary>
    public static IEnumerable<PipelineFault> FindBetween(IReadOnlyList<PipelineDefinition> pipelines)
    {
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        for (int i = 0; i < pipelines.Count; i++)
        {
            if (!places.TryAdd(pipelines[i].Name, i))
            {
                yield return new(pipelines[i].Name, "there are two pipelines of this name");
            }
        }

        IReadOnlyList<int>[] calls = [.. pipelines.Select(pipeline => (IReadOnlyList<int>)[.. BodyModels.Of(pipeline).Select(static one => one.Model).Where(places.ContainsKey).Select(name => places[name]).Distinct()])];
        if (StepOrder.Sort(calls, out IReadOnlyList<int> cycle) is null)
        {
            yield return new(pipelines[cycle[^1]].Name, $"the pipelines call each other in a cycle: {string.Join(" calls ", cycle.Reverse().Select(one => $"'{pipelines[one].Name}'"))}");
        }
    }

    private sealed class NoSignatures : IModelSignatures
    {
        public ModelFinding Find(string model, VersionSelector version) => ModelFinding.Unknown;
    }
}
