using Slipway.Core;
using Slipway.Protocols.Protos.TensorFlow;
using Slipway.Protocols.Protos.TensorFlow.Serving;

namespace Slipway.Protocols.TensorFlowServing;

/// <summary>Reads the examples of an Input; features of the context are added to every example, which keeps its own where both have one.</summary>
internal static class ExampleMessages
{
    /// <summary>The rows.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when there is no input.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> Read(Input? input) => input?.KindCase switch
    {
        Input.KindOneofCase.ExampleList => Read(input.ExampleList.Examples, null),
        Input.KindOneofCase.ExampleListWithContext => Read(input.ExampleListWithContext.Examples, input.ExampleListWithContext.Context),
        _ => throw new SlipwayException(ErrorCode.InvalidRequest, "Input is empty: it must have an example_list or an example_list_with_context"),
    };

    /// <summary>The rows of examples, with the features of <paramref name="context"/> where they have none of their own.</summary>
    public static List<IReadOnlyDictionary<string, ExampleFeature>> Read(IEnumerable<Example> examples, Example? context)
    {
        List<IReadOnlyDictionary<string, ExampleFeature>> rows = [];
        foreach (Example example in examples)
        {
            Dictionary<string, ExampleFeature> row = new(StringComparer.Ordinal);
            Add(row, context);
            Add(row, example);
            rows.Add(row);
        }

        return rows;
    }

    private static void Add(Dictionary<string, ExampleFeature> row, Example? example)
    {
        if (example?.Features is not { } features)
        {
            return;
        }

        foreach ((string name, Feature feature) in features.Feature)
        {
            row[name] = feature.KindCase switch
            {
                Feature.KindOneofCase.BytesList => ExampleFeature.Of(feature.BytesList.Value.Select(static value => value.Memory).ToArray()),
                Feature.KindOneofCase.FloatList => ExampleFeature.Of(feature.FloatList.Value),
                Feature.KindOneofCase.Int64List => ExampleFeature.Of(feature.Int64List.Value),
                _ => default,
            };
        }
    }
}
