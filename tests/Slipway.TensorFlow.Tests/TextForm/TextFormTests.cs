using System.Text;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Formats.Abstractions;
using Slipway.TensorFlow.TextForm;
using Slipway.TestKit;

namespace Slipway.TensorFlow.Tests.TextForm;

/// <summary>Models in protobuf's text format, as TensorFlow writes it and as its grammar allows it.</summary>
public sealed class TextFormTests
{
    // y = 0.5 x + 2, with a list of nodes, comments, both kinds of brackets and quotes, escapes, and messages that are not read.
    private const string HalfPlusTwo = """
        # written by hand
        saved_model_schema_version: 1
        meta_graphs {
          meta_info_def {
            stripped_op_list { op { name: "Mul" attr { name: "T" allowed_values { list { type: [DT_HALF, DT_FLOAT] } } } is_commutative: true } }
            any_info { [type.googleapis.com/some.Thing] { deep: { deeper: < x: -1.5e3; > } } }
            tags: "ser" 've'
            tensorflow_version: "1.15.0"
          }
          graph_def {
            node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: -1 } dim { size: 2 } } } } }
            node < name: "half" op: "Const" attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { } float_val: 0.5f } } } attr { key: "dtype" value { type: DT_FLOAT } } >
            node { name: "two", op: "Const", attr: { key: "value", value: { tensor: { dtype: DT_FLOAT, tensor_shape { dim { size: 2 } }, tensor_content: "\000\000\000@\000\x00\000\100" } } }, attr { key: "dtype" value { type: 1 } } }
            node { name: "product" op: "Mul" input: ["x", "half"] attr { key: "T" value { type: DT_FLOAT } } }
            node { name: "y" op: "Add" input: "product" input: "two" attr { key: "T" value { type: DT_FLOAT } } }
            versions { producer: 24 }
          }
          signature_def {
            key: "serving_default"
            value {
              inputs { key: "x" value { name: "x:0" dtype: DT_FLOAT tensor_shape { dim { size: -1 } dim { size: 2 } } } }
              outputs { key: "y" value { name: "y:0" dtype: DT_FLOAT tensor_shape { dim { size: -1 } dim { size: 2 } } } }
              method_name: "tensorflow/serving/predict"
            }
          }
        }
        """;

    private readonly ModelPreparer _preparer = new(new ModelFormats([new SavedModelFormat()]));

    [Fact]
    public async Task A_model_in_text_form_answers_as_any_other()
    {
        byte[] file = Encoding.UTF8.GetBytes(HalfPlusTwo);
        using VersionFiles files = new(new MemoryModelArtifact("saved_model.pbtxt", ("saved_model.pbtxt", file)), "saved_model.pbtxt");
        using ILoadedModel model = await Engine.LoadAsync(SavedModelFormat.Convert(files, null, "", CancellationToken.None));
        Tensor y = Assert.Single(Engine.Run(model, [Engine.Of("x", [1f, 2f, 5f, -4f], 2, 2)]));
        Assert.Equal([2.5f, 3f, 4.5f, 0f], System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(y.Data.Span).ToArray());

        ModelInspection inspection = _preparer.Inspect(new MemoryModelArtifact("saved_model.pbtxt", ("saved_model.pbtxt", file)), CancellationToken.None);
        Assert.Equal(("1.15.0", "serve"), (inspection.ProducerVersion, inspection.Metadata["tags"]));
    }

    [Fact]
    public void A_text_that_ends_anywhere_is_refused_or_still_a_model()
    {
        byte[] file = Encoding.UTF8.GetBytes(HalfPlusTwo);
        for (int length = 0; length < file.Length; length += 3)
        {
            try
            {
                TextFormEncoder.Encode(file.AsMemory(0, length));
            }
            catch (SlipwayException refusal)
            {
                Assert.Equal(ErrorCode.InvalidModel, refusal.Code);
            }
        }
    }

    [Theory]
    [InlineData("meta_graphs: 5", "where a text or a message belongs in line 1")]
    [InlineData("\n\nmeta_graphs { graph_def { node { name: { } } } }", "a message where a value belongs in line 3")]
    [InlineData("saved_model_schema_version: \"1\"", "a text where none belongs")]
    [InlineData("saved_model_schema_version: one", "'one' where a whole number belongs")]
    [InlineData("meta_graphs { graph_def { node { name: \"a\\q\" } } }", "an unknown escape")]
    [InlineData("meta_graphs { graph_def { node { name: \"a\n\" } } }", "the end of a text")]
    [InlineData("meta_graphs { meta_info_def { tags: [\"a\" \"b\", ] } }", "expected a name or a value")]
    [InlineData("%", "expected a name or a value")]
    public void What_is_no_text_form_is_refused_with_the_line(string text, string part)
    {
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => TextFormEncoder.Encode(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(ErrorCode.InvalidModel, refusal.Code);
        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        byte[] bomb = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a{", 1_000_000)));
        Assert.Contains("deep", Assert.Throws<SlipwayException>(() => TextFormEncoder.Encode(bomb)).Message, StringComparison.Ordinal);
    }
}
