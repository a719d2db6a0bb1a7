using Slipway.Client.Inference;
using Slipway.Client.Models;
using Slipway.Core;

namespace Slipway.Cli.Prediction;

/// <summary>Tensors and signatures between the client's wire form and Core's.</summary>
internal static class WireTensors
{
    private static readonly Dictionary<string, TensorDataType> Types = Enum.GetValues<TensorDataType>()
        .Where(type => type != TensorDataType.Undefined)
        .ToDictionary(type => type.ToName(), StringComparer.Ordinal);

    /// <summary>The signature that a server's metadata describes. Rows may run together when every input and output begins with a free dimension.</summary>
    public static ModelSignature SignatureOf(Client.Models.ModelMetadata model) => new(
        [.. model.Inputs.Select(SignatureOf)], [.. model.Outputs.Select(SignatureOf)])
    {
        IsBatchable = model.Inputs.Concat(model.Outputs).All(tensor => tensor.Shape is [-1, ..]),
    };

    /// <summary>A tensor to send; its bytes are those of <paramref name="tensor"/>.</summary>
    public static ClientTensor ToClient(Tensor tensor) => new(tensor.Name, tensor.DataType.ToName(), tensor.Shape.Dimensions.ToArray(), tensor.Data);

    /// <summary>A tensor that was received.</summary>
    public static Tensor ToCore(ClientTensor tensor) => new(tensor.Name, TypeOf(tensor.Datatype), new TensorShape([.. tensor.Shape]), tensor.Data);

    private static TensorSignature SignatureOf(TensorMetadata tensor) => new(tensor.Name, TypeOf(tensor.Datatype), new TensorShape([.. tensor.Shape]));

    private static TensorDataType TypeOf(string name) => Types.TryGetValue(name, out TensorDataType type)
        ? type
        : throw new SlipwayException(ErrorCode.NotSupported, $"the server has a tensor of datatype '{name}', which is not known here");
}
