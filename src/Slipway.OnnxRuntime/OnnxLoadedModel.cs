using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;
using Slipway.OnnxRuntime.Sessions;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime;

/// <summary>A model in ONNX Runtime's memory. Runs on the calling thread, several at once.</summary>
public sealed unsafe class OnnxLoadedModel : ILoadedModel
{
    private const int ValuesOnStack = 32;

    private readonly SessionHandle _session;
    private readonly OrtEnvironment _environment;
    private readonly RunOptionsPool _runOptions;
    private readonly Utf8Name[] _inputNames;
    private readonly Utf8Name[] _outputNames;
    private readonly string[] _outputTexts;

    internal OnnxLoadedModel(SessionHandle session, OrtEnvironment environment, RunOptionsPool runOptions, ModelSignature signature, long memoryBytes)
    {
        _session = session;
        _environment = environment;
        _runOptions = runOptions;
        Signature = signature;
        MemoryBytes = memoryBytes;
        _inputNames = [.. signature.Inputs.Select(input => new Utf8Name(input.Name))];
        _outputNames = [.. signature.Outputs.Select(output => new Utf8Name(output.Name))];
        _outputTexts = [.. signature.Outputs.Select(output => output.Name)];
    }

    /// <inheritdoc/>
    public ModelSignature Signature { get; }

    /// <inheritdoc/>
    public long MemoryBytes { get; }

    /// <inheritdoc/>
    public Tensor[] Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_session.IsClosed, this);
        if (inputs.Length > ValuesOnStack || outputs.Length > ValuesOnStack)
        {
            int most = Math.Max(inputs.Length, outputs.Length);
            nint[] scratch = new nint[most * 4];
            AddressRange[] ranges = new AddressRange[most];
            fixed (nint* first = scratch)
            {
                return Run(inputs, outputs, first, most, ranges, cancellationToken);
            }
        }

        nint* stack = stackalloc nint[ValuesOnStack * 4];
        Span<AddressRange> addresses = stackalloc AddressRange[ValuesOnStack];
        return Run(inputs, outputs, stack, ValuesOnStack, addresses, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
    }

    private Tensor[] Run(
        ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<int> outputs, nint* scratch, int stride, Span<AddressRange> ranges, CancellationToken cancellationToken)
    {
        OrtApi* api = OrtLibrary.Api;
        byte** inputNames = (byte**)scratch;
        OrtValue** inputValues = (OrtValue**)(scratch + stride);
        byte** outputNames = (byte**)(scratch + (2 * stride));
        OrtValue** outputValues = (OrtValue**)(scratch + (3 * stride));
        int given = 0;
        int taken = 0;
        PinnedInputs pins = default;
        Tensor[] results = new Tensor[outputs.Length];
        try
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                Tensor? input = inputs[i];
                if (input is null)
                {
                    continue;
                }

                inputNames[given] = _inputNames[i].Pointer;
                inputValues[given] = TensorValues.Create(_environment.CpuMemory, _environment.Allocator, input, ref pins, out ranges[given]);
                given++;
            }

            for (int i = 0; i < outputs.Length; i++)
            {
                outputNames[i] = _outputNames[outputs[i]].Pointer;
                outputValues[i] = null;
            }

            RunSession(inputNames, inputValues, given, outputNames, outputValues, outputs.Length, cancellationToken);
            AddressRanges addresses = new(ranges[..given]);
            for (; taken < results.Length; taken++)
            {
                OrtValue* value = outputValues[taken];
                outputValues[taken] = null;
                results[taken] = TensorValues.Wrap(value, _outputTexts[outputs[taken]], addresses, _session);
            }

            return results;
        }
        catch (OrtException exception)
        {
            throw RunFailures.Describe(exception, cancellationToken);
        }
        finally
        {
            for (int i = 0; i < given; i++)
            {
                api->ReleaseValue(inputValues[i]);
            }

            pins.Release();
            if (taken < results.Length)
            {
                ReleaseUnfinished(results, outputValues);
            }
        }
    }

    private void RunSession(
        byte** inputNames, OrtValue** inputs, int inputCount, byte** outputNames, OrtValue** outputs, int outputCount, CancellationToken cancellationToken)
    {
        OrtApi* api = OrtLibrary.Api;
        if (!cancellationToken.CanBeCanceled)
        {
            OrtStatusCheck.Check(api->Run(_session.Pointer, null, inputNames, inputs, (nuint)inputCount, outputNames, (nuint)outputCount, outputs));
            return;
        }

        using RunOptionsLease lease = _runOptions.Rent(cancellationToken);
        OrtStatusCheck.Check(api->Run(_session.Pointer, lease.Pointer, inputNames, inputs, (nuint)inputCount, outputNames, (nuint)outputCount, outputs));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReleaseUnfinished(Tensor?[] results, OrtValue** values)
    {
        for (int i = 0; i < results.Length; i++)
        {
            results[i]?.Dispose();
            if (values[i] is not null)
            {
                OrtLibrary.Api->ReleaseValue(values[i]);
            }
        }
    }
}
