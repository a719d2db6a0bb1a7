using System.Text.Json;
using Slipway.Core;
using Slipway.Trust.Documents;

namespace Slipway.Trust.Tests.Documents;

public sealed class DocumentTests
{
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly ModelVersion Version = new()
    {
        Model = "fraud|<b>",
        Number = 3,
        Manifest = new ModelManifest([new ArtifactFile("model.onnx", Sha256Digest.Of("m"u8), 1), new ArtifactFile("data/w.bin", Sha256Digest.Of("w"u8), 1)]),
        Format = "onnx",
        SignatureJson = """{"inputs":[{"name":"x","datatype":"FP32","shape":[-1,4]}],"outputs":[{"name":"y","datatype":"INT64","shape":[-1]}]}""",
        Description = "first line\n| a row | of one's own |\n<script>alert(1)</script>",
        Parameters = new Dictionary<string, string> { ["depth"] = "6" },
        Metrics = new Dictionary<string, double> { ["auc"] = 0.9125, ["nan"] = double.NaN },
        Tags = new Dictionary<string, string> { ["team"] = "risk" },
        TrainingDataDigest = "d41d8cd9",
        Approvals = [new Approval("bo", Time, "fine")],
        Aliases = ["champion"],
        CreatedAt = Time,
        UpdatedAt = Time,
        CreatedBy = "anna",
    };

    private static ModelFacts Facts => ModelFacts.Of(null, Version) with { Signature = new SignatureVerdict(SignatureStatus.Valid) { Method = "key", Signer = "ab12" } };

    [Fact]
    public void The_bill_of_materials_has_the_fields_that_CycloneDX_asks_for_and_no_others()
    {
        using JsonDocument document = JsonDocument.Parse(BillOfMaterials.Write(Facts, Time, "1.0"));
        JsonElement root = document.RootElement;
        Assert.Equal(("CycloneDX", "1.6", 1), (root.GetProperty("bomFormat").GetString(), root.GetProperty("specVersion").GetString(), root.GetProperty("version").GetInt32()));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", root.GetProperty("serialNumber").GetString());
        JsonElement model = root.GetProperty("components")[0];
        Assert.Equal("machine-learning-model", model.GetProperty("type").GetString());
        Assert.Equal(Version.Manifest!.Digest.ToString(), model.GetProperty("hashes")[0].GetProperty("content").GetString());
        Assert.Equal(2, model.GetProperty("components").GetArrayLength());
        Assert.Equal("0.9125", model.GetProperty("modelCard").GetProperty("quantitativeAnalysis").GetProperty("performanceMetrics")[0].GetProperty("value").GetString());

        // Properties that the schema of version 1.6 knows where they stand (additionalProperties is false there).
        Dictionary<string, string[]> known = new()
        {
            [""] = ["bomFormat", "specVersion", "serialNumber", "version", "metadata", "components"],
            ["metadata"] = ["timestamp", "tools", "component"],
            ["component"] = ["type", "bom-ref", "name", "version", "description", "hashes", "components", "modelCard", "properties"],
            ["hashes"] = ["alg", "content"],
            ["modelCard"] = ["modelParameters", "quantitativeAnalysis", "properties"],
            ["modelParameters"] = ["datasets", "inputs", "outputs"],
            ["datasets"] = ["type", "name", "contents"],
            ["contents"] = ["properties"],
            ["inputs"] = ["format"],
            ["outputs"] = ["format"],
            ["quantitativeAnalysis"] = ["performanceMetrics"],
            ["performanceMetrics"] = ["type", "value"],
            ["properties"] = ["name", "value"],
            ["tools"] = ["components"],
        };
        HashSet<string> references = [];
        Check(root, "");

        void Check(JsonElement element, string place)
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Check(item, place);
                }
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    Assert.Contains(property.Name, known[place == "components" ? "component" : place]);
                    if (property.Name == "bom-ref")
                    {
                        Assert.True(references.Add(property.Value.GetString()!), "a reference is used twice");
                    }

                    Check(property.Value, property.Name);
                }
            }
            else if (place != "version")
            {
                Assert.Equal(JsonValueKind.String, element.ValueKind);
            }
        }
    }

    [Fact]
    public void The_same_facts_give_the_same_bytes()
    {
        Assert.Equal(BillOfMaterials.Write(Facts, Time, "1.0"), BillOfMaterials.Write(Facts, Time, "1.0"));
        Assert.NotEqual(BillOfMaterials.Write(Facts, Time, "1.0"), BillOfMaterials.Write(Facts with { Version = "4" }, Time, "1.0"));
    }

    [Fact]
    public void A_card_says_what_is_recorded_and_lets_no_text_become_markup()
    {
        string markdown = ModelCard.ToMarkdown(Facts);
        Assert.StartsWith("# fraud\\|\\<b\\>, version 3\n", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", markdown, StringComparison.Ordinal);
        foreach (string expected in new[] { "| auc | 0.9125 |", "| depth | 6 |", "| x | FP32 | \\[-1, 4\\] |", "| bo | 2026-03-01 12:00:00Z | fine |", "valid, by key ab12", "champion", "anna" })
        {
            Assert.Contains(expected, markdown, StringComparison.Ordinal);
        }

        string html = ModelCard.ToHtml(Facts);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.Contains("<td>auc</td><td>0.9125</td>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Metrics", ModelCard.ToMarkdown(new ModelFacts("m", "1")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"inputs\":5}")]
    [InlineData("{\"inputs\":[{\"name\":1}]}")]
    public void A_signature_in_other_words_is_left_out(string json) =>
        Assert.Empty(ModelFacts.Of(null, Version with { SignatureJson = json }).Inputs);
}
