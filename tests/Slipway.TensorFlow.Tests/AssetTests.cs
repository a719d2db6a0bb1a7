using System.Text.Json;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Formats.Abstractions;
using Slipway.TestKit;

namespace Slipway.TensorFlow.Tests;

/// <summary>Models that TensorFlow itself wrote, every signature of theirs, against answers computed from the stored graphs by somebody else.</summary>
public sealed class AssetTests
{
    private const double RelativeTolerance = 1e-5;
    private const double AbsoluteTolerance = 1e-6;

    public static TheoryData<string> Cases
    {
        get
        {
            TheoryData<string> cases = [];
            foreach (string name in Assets.Root is null ? ["none"] : Manifest("savedmodel"))
            {
                cases.Add(name);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_signature_answers_as_TensorFlow_does(string name)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        using JsonDocument calls = JsonDocument.Parse(File.ReadAllBytes(Assets.PathOf($"tf-savedmodel/expected/{name.Replace('/', '_')}.json")));
        int compared = 0;
        foreach (IGrouping<string, JsonElement> signature in calls.RootElement.EnumerateArray().GroupBy(static call => call.GetProperty("signature").GetString()!))
        {
            using VersionFiles files = new(StandaloneModel.Open(Assets.PathOf("tf-savedmodel/" + name)), "saved_model.pb");
            using ILoadedModel model = await Engine.LoadAsync(SavedModelFormat.Convert(files, signature.Key, "", CancellationToken.None));
            foreach (JsonElement call in signature)
            {
                Compare(model, call, name);
                compared++;
            }
        }

        Assert.True(compared > 0);
    }

    private static void Compare(ILoadedModel model, JsonElement call, string name)
    {
        // A signature that parses tf.Example has its features as inputs.
        Tensor[] inputs = call.TryGetProperty("examples", out JsonElement examples)
            ? [.. model.Signature.Inputs.Select(input => Engine.Of(input.Name, [.. examples.EnumerateArray().Select(example => example.GetProperty(input.Name).GetSingle())], examples.GetArrayLength(), 1))]
            : [.. call.GetProperty("inputs").EnumerateObject().Select(JsonTensors.Read)];
        Tensor[] outputs = Engine.Run(model, inputs);
        foreach (JsonProperty wanted in call.GetProperty("outputs").EnumerateObject())
        {
            Tensor expected = JsonTensors.Read(wanted);
            Tensor given = Assert.Single(outputs, output => output.Name == wanted.Name);
            ProofLog.Record("TensorFlow SavedModel", name, expected, given);
            Assert.Null(TensorComparison.Difference(expected, given, RelativeTolerance, AbsoluteTolerance));
        }
    }

    private static IEnumerable<string> Manifest(string kind)
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Assets.PathOf("tf-savedmodel/manifest.json")));
        return [.. manifest.RootElement.GetProperty("cases").EnumerateArray().Where(item => item.GetProperty("kind").GetString() == kind).Select(static item => item.GetProperty("name").GetString()!)];
    }
}
