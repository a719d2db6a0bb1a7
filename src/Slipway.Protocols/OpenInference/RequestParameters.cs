using Slipway.Core;

namespace Slipway.Protocols.OpenInference;

/// <summary>
/// The parameters of one request as they are read: those that the protocol reserves are given their meaning, the others are kept for whoever knows them.
/// </summary>
internal struct RequestParameters
{
    /// <summary>Most parameters of one request.</summary>
    public const int MaxCount = 1024;

    private static readonly Dictionary<string, ParameterValue> None = [];

    private Dictionary<string, ParameterValue>? _custom;
    private string? _signature;

    /// <summary>1 is the most urgent; 0 the model's default.</summary>
    public int Priority { get; private set; }

    /// <summary>Longest wait in the queue; null: what the model's queue says.</summary>
    public TimeSpan? QueueTimeout { get; private set; }

    /// <summary>Signature of a model that has several; empty: the model's own choice.</summary>
    public readonly string SignatureName => _signature ?? "";

    /// <summary>Parameters without a reserved meaning.</summary>
    public readonly IReadOnlyDictionary<string, ParameterValue> Custom => _custom ?? None;

    /// <summary>Takes one parameter; of two with the same name the last counts.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidRequest"/> for an impossible value or a reserved name, <see cref="ErrorCode.NotSupported"/> for sequences.
    /// </exception>
    public void Add(string name, ParameterValue value)
    {
        switch (name)
        {
            case "priority":
                Priority = (int)ReadCount(name, value, int.MaxValue);
                break;
            case "timeout":
                // Microseconds; 0 leaves the model's own.
                long microseconds = ReadCount(name, value, long.MaxValue / TimeSpan.TicksPerMicrosecond);
                QueueTimeout = microseconds == 0 ? null : TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond);
                break;
            case "signature_name":
                _signature = value.Kind == ParameterKind.String
                    ? value.Text
                    : throw new SlipwayException(ErrorCode.InvalidRequest, "parameter 'signature_name' must be a string");
                break;
            case "sequence_id" or "sequence_start" or "sequence_end":
                RefuseSequence(name, value);
                break;
            case "triton_enable_empty_final_response":
                // Every answer here is the final one of its request, and says so on a stream.
                break;
            case "headers":
                throw new SlipwayException(ErrorCode.InvalidRequest, "parameter 'headers' is reserved");
            default:
                AddCustom(name, value);
                break;
        }
    }

    private void AddCustom(string name, ParameterValue value)
    {
        if (name.StartsWith("triton_", StringComparison.Ordinal))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"parameter '{name}' is reserved: names that begin with 'triton_' are");
        }

        _custom ??= new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        _custom[name] = value;
        if (_custom.Count > MaxCount)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"a request has at most {MaxCount} parameters");
        }
    }

    private static long ReadCount(string name, ParameterValue value, long largest)
    {
        bool valid = value.Kind switch
        {
            ParameterKind.Int64 => value.Int64 >= 0 && value.Int64 <= largest,
            ParameterKind.UInt64 => value.UInt64 <= (ulong)largest,
            _ => false,
        };
        return valid
            ? value.Int64
            : throw new SlipwayException(ErrorCode.InvalidRequest, $"parameter '{name}' must be an integer from 0 to {largest}");
    }

    private static void RefuseSequence(string name, ParameterValue value)
    {
        bool absent = value.Kind switch
        {
            ParameterKind.Bool => !value.Bool,
            ParameterKind.Int64 => value.Int64 == 0,
            ParameterKind.UInt64 => value.UInt64 == 0,
            ParameterKind.String => value.Text!.Length == 0,
            _ => throw new SlipwayException(ErrorCode.InvalidRequest, $"parameter '{name}' has an impossible value"),
        };
        if (!absent)
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"parameter '{name}': models that keep the state of a sequence are not supported");
        }
    }
}
