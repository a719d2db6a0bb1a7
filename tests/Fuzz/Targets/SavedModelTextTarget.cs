using System.Text;
using Slipway.Formats.Abstractions;
using Slipway.TensorFlow;
using Slipway.TestKit;

namespace Slipway.Fuzz.Targets;

/// <summary>TensorFlow's saved_model.pbtxt: protobuf's text form, read, translated and written as ONNX.</summary>
internal sealed class SavedModelTextTarget : IFuzzTarget
{
    private const string Model = """
        saved_model_schema_version: 1  # what a comment looks like
        meta_graphs {
          meta_info_def { tags: "serve" tensorflow_version: "2.11.0" }
          graph_def {
            node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: -1 } dim { size: 2 } } } } }
            node { name: "w" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { dim { size: 2 } } tensor_content: "\000\000\200?\000\000\000@" } } } }
            node < name: 'b' op: "Const" attr: < key: "dtype" value: < type: 1 > > attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { } float_val: [1.5e-1, -inf] } } } >
            node { name: "m" op: "Mul" input: "x" input: "w" attr { key: "T" value { type: DT_FLOAT } } }
            node { name: "y" op: "StatefulPartitionedCall" input: "m" attr { key: "f" value { func { name: "negate" } } } attr { key: "Tin" value { list { type: [DT_FLOAT] } } } attr { key: "Tout" value { list { type: DT_FLOAT } } } }
            library { function { signature { name: "negate" input_arg { name: "a" type: DT_FLOAT } output_arg { name: "r" type: DT_FLOAT } } node_def { name: "n" op: "Neg" input: "a" attr { key: "T" value { type: DT_FLOAT } } } ret { key: "r" value: "n:y:0" } } }
            versions { producer: 0x3e8 }
          }
          signature_def {
            key: "serving_default"
            value {
              inputs { key: "x" value { name: "x:0" dtype: DT_FLOAT tensor_shape { dim { size: -1 } dim { size: 2 } } } }
              outputs { key: "y" value { name: "y:0" dtype: DT_FLOAT tensor_shape { unknown_rank: true } } }
              method_name: "tensorflow/serving/predict"
            }
          }
        }
        """;

    public string Name => "pbtxt";

    public IReadOnlyList<byte[]> Seeds { get; } = [Encoding.UTF8.GetBytes(Model)];

    public ValueTask ReadAsync(byte[] input)
    {
        if (input.Length > 0)
        {
            using VersionFiles files = new(new MemoryModelArtifact("saved_model.pbtxt", ("saved_model.pbtxt", input)), "saved_model.pbtxt");
            new SavedModelFormat().Prepare(files, CancellationToken.None).Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
