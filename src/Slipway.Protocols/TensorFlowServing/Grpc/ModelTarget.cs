using Slipway.Core;
using Slipway.Protocols.Protobuf;
using Slipway.Protocols.Protos.TensorFlow.Serving;

namespace Slipway.Protocols.TensorFlowServing.Grpc;

/// <summary>What a ModelSpec names: a model, a version or label of it, and a signature.</summary>
internal readonly record struct ModelTarget(string Name, VersionSelector Version, string Signature)
{
    /// <summary>What names nothing.</summary>
    public static ModelTarget None { get; } = new("", VersionSelector.Default, "");

    /// <summary>Reads an encoded ModelSpec on top of what an earlier part of it said, as the format has it.</summary>
    public ModelTarget Merge(ReadOnlySpan<byte> spec)
    {
        (string name, VersionSelector version, string signature) = this;
        ProtobufReader reader = new(spec);
        while (reader.ReadTag())
        {
            switch (reader.Field)
            {
                case 1:
                    name = Utf8NameCache.Shared.Get(reader.ReadBytes());
                    break;
                case 2:
                    version = VersionSelector.Exact(ReadWrapped(reader.ReadBytes()));
                    break;
                case 3:
                    signature = Utf8NameCache.Shared.Get(reader.ReadBytes());
                    break;
                case 4:
                    version = VersionSelector.ByLabel(reader.ReadString());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new ModelTarget(name, version, signature);
    }

    /// <summary>What a parsed ModelSpec names.</summary>
    public static ModelTarget Of(ModelSpec? spec) => new(
        spec?.Name ?? "",
        spec?.VersionChoiceCase switch
        {
            ModelSpec.VersionChoiceOneofCase.Version => VersionSelector.Exact(spec.Version ?? 0),
            ModelSpec.VersionChoiceOneofCase.VersionLabel => VersionSelector.ByLabel(spec.VersionLabel),
            _ => VersionSelector.Default,
        },
        spec?.SignatureName ?? "");

    /// <summary>Checks that a model is named.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>.</exception>
    public ModelTarget RequireName() => string.IsNullOrEmpty(Name)
        ? throw new SlipwayException(ErrorCode.InvalidRequest, "ModelSpec has no name specified.")
        : this;

    /// <summary>The spec of an answer: the version that answered, and by which signature.</summary>
    public static ModelSpec SpecOf(ServableInfo servable) => SpecOf(servable, ServingSignature.NameOf(servable));

    /// <summary>The spec of an answer that has another name of a signature, or none.</summary>
    public static ModelSpec SpecOf(ServableInfo servable, string signature) => new()
    {
        Name = servable.ModelName,
        Version = servable.Version,
        SignatureName = signature,
    };

    // google.protobuf.Int64Value: present and empty means 0, not the latest.
    private static long ReadWrapped(ReadOnlySpan<byte> data)
    {
        long value = 0;
        ProtobufReader reader = new(data);
        while (reader.ReadTag())
        {
            if (reader.Field == 1)
            {
                reader.Expect(ProtobufWireType.Varint);
                value = (long)reader.ReadVarint();
            }
            else
            {
                reader.Skip();
            }
        }

        return value;
    }
}
