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

    /// <summary>Faults between pipelines: names given twice, and calls that come back to where they began. The key begins with the pipeline's name.</summary>
    /// <param name="pipelines">All pipelines.</param>
    /// <param name="endpoints">The endpoints that steps may ask, by name, each with the models or pipelines that its arms and shadows ask; null (default): none.</param>
    public static IEnumerable<PipelineFault> FindBetween(IReadOnlyList<PipelineDefinition> pipelines, IReadOnlyDictionary<string, IReadOnlyList<string>>? endpoints = null)
    {
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        for (int i = 0; i < pipelines.Count; i++)
        {
            if (!places.TryAdd(pipelines[i].Name, i))
            {
                yield return new(pipelines[i].Name, "there are two pipelines of this name");
            }
        }

        // A step that names an endpoint asks it, whatever else has the name; an arm reaches pipelines and models alone.
        string[] routed = [.. endpoints?.Keys ?? []];
        Dictionary<string, int> routedPlaces = routed.Select(static (name, place) => (name, place)).ToDictionary(one => one.name, one => pipelines.Count + one.place, StringComparer.Ordinal);
        AskedModel[][] asked = [.. pipelines.Select(static pipeline => BodyModels.Of(pipeline).ToArray())];
        IReadOnlyList<int>[] calls =
        [
            .. asked.Select(all => PlacesOf(all.Select(static one => one.Model), name => PlaceOf(name))),
            .. routed.Select(name => PlacesOf(endpoints![name], arm => places.GetValueOrDefault(arm, -1))),
        ];
        if (StepOrder.Sort(calls, out IReadOnlyList<int> cycle) is not null)
        {
            yield break;
        }

        // An endpoint calls no endpoint, so that there is a pipeline in every ring; its step is the one to change.
        int[] ring = [.. cycle.Reverse()];
        int first = Array.FindIndex(ring, place => place < pipelines.Count);
        int[] turned = [.. ring[first..^1], .. ring[..first], ring[first]];
        AskedModel culprit = asked[turned[0]].First(one => PlaceOf(one.Model) == turned[1]);
        yield return new(
            $"{pipelines[turned[0]].Name}.{culprit.Key}",
            $"the pipelines call each other in a cycle: {string.Join(" calls ", turned.Select(place => place < pipelines.Count ? $"'{pipelines[place].Name}'" : $"endpoint '{routed[place - pipelines.Count]}'"))}");

        int PlaceOf(string name) => routedPlaces.TryGetValue(name, out int place) ? place : places.GetValueOrDefault(name, -1);
    }

    private static int[] PlacesOf(IEnumerable<string> names, Func<string, int> placeOf) => [.. names.Select(placeOf).Where(static place => place >= 0).Distinct()];

    private sealed class NoSignatures : IModelSignatures
    {
        public ModelFinding Find(string model, VersionSelector version) => ModelFinding.Unknown;
    }
}
