using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>Runs a session. The path of a request: names are encoded once, and nothing but the answer is allocated for plain tensors. Thread-safe.</summary>
internal sealed unsafe class SessionRunner
{
    private const int ValuesOnStack = 32;

    private readonly OpenedSession _session;
    private readonly SessionHandle _handle;
    private readonly OrtEnvironment _environment;
    private readonly ValuePlan[] _inputs;
    private readonly Utf8Name[] _inputNames;
    private readonly ValuePlan[] _outputs;
    private readonly Utf8Name[] _outputNames;

    // For each output of the signature: the engine's output that it is part of, and which part.
    private readonly int[] _outputOf;
    private readonly ValuePart[] _partOf;
    private readonly bool _isPlain;

    public SessionRunner(OpenedSession session)
    {
        _session = session;
        _handle = session.Handle;
        _environment = session.Environment;
        _inputs = [.. session.Inputs];
        _outputs = [.. session.Outputs];
        _inputNames = [.. _inputs.Select(static plan => new Utf8Name(plan.Name))];
        _outputNames = [.. _outputs.Select(static plan => new Utf8Name(plan.Name))];
        _outputOf = [.. _outputs.SelectMany(static (plan, index) => plan.Parts(isOutput: true).Select(_ => index))];
        _partOf = [.. _outputs.SelectMany(static plan => plan.Parts(isOutput: true))];
        _isPlain = Array.TrueForAll(_outputs, static plan => plan.IsPlain);
    }

    /// <summary>See <see cref="ILoadedModel.Run"/>.</summary>
    public Tensor[] Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken)
    {
        int most = Math.Max(_inputs.Length, outputs.Length);
        if (most <= ValuesOnStack)
        {
            nint* stack = stackalloc nint[ValuesOnStack * 4];
            Span<AddressRange> addresses = stackalloc AddressRange[ValuesOnStack];
            return Run(inputs, outputs, new Scratch(stack, ValuesOnStack, addresses), cancellationToken);
        }

        nint[] heap = new nint[most * 4];
        fixed (nint* first = heap)
        {
            return Run(inputs, outputs, new Scratch(first, most, new AddressRange[most]), cancellationToken);
        }
    }

    private Tensor[] Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<int> outputs, in Scratch scratch, CancellationToken cancellationToken)
    {
        Tensor[] results = new Tensor[outputs.Length];
        PinnedInputs pins = default;
        int given = 0;
        int asked = 0;
        bool done = false;
        try
        {
            for (int i = 0; i < _inputs.Length; i++)
            {
                OrtValue* value = CreateInput(inputs, _inputs[i], ref pins, out scratch.Ranges[given]);
                if (value is not null)
                {
                    scratch.InputNames[given] = _inputNames[i].Pointer;
                    scratch.Inputs[given++] = value;
                }
            }

            for (int i = 0; i < outputs.Length; i++)
            {
                byte* name = _outputNames[_outputOf[outputs[i]]].Pointer;
                if (_isPlain || Find(scratch.OutputNames, asked, name) < 0)
                {
                    scratch.OutputNames[asked] = name;
                    scratch.Outputs[asked++] = null;
                }
            }

            Run(scratch, given, asked, cancellationToken);
            ValueContext context = new(_environment.Allocator, _handle, new AddressRanges(scratch.Ranges[..given]));
            if (_isPlain)
            {
                TakePlain(outputs, results, scratch.Outputs, context);
            }
            else
            {
                TakeFlattened(outputs, results, scratch, asked, context);
            }

            done = true;
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
                OrtLibrary.Api->ReleaseValue(scratch.Inputs[i]);
            }

            pins.Release();
            if (!done)
            {
                ReleaseUnfinished(results, scratch.Outputs, asked);
            }
        }
    }

    private void Run(in Scratch scratch, int inputs, int outputs, CancellationToken cancellationToken)
    {
        OrtApi* api = OrtLibrary.Api;
        if (!cancellationToken.CanBeCanceled)
        {
            OrtStatusCheck.Check(api->Run(
                _handle.Pointer, null, scratch.InputNames, scratch.Inputs, (nuint)inputs, scratch.OutputNames, (nuint)outputs, scratch.Outputs));
            return;
        }

        using RunOptionsLease lease = _session.RunOptions.Rent(cancellationToken);
        OrtStatusCheck.Check(api->Run(
            _handle.Pointer, lease.Pointer, scratch.InputNames, scratch.Inputs, (nuint)inputs, scratch.OutputNames, (nuint)outputs, scratch.Outputs));
    }

    // Null for an input that is left out.
    private OrtValue* CreateInput(ReadOnlySpan<Tensor?> inputs, ValuePlan plan, ref PinnedInputs pins, out AddressRange range)
    {
        Tensor? main = inputs[plan.First];
        range = default;
        if (main is null)
        {
            return null;
        }

        if (plan.Form == ValueForm.Tensor)
        {
            return TensorValues.Create(_environment.CpuMemory, _environment.Allocator, main, ref pins, out range);
        }

        Tensor companion = inputs[plan.First + 1]
            ?? throw new SlipwayException(ErrorCode.InvalidRequest, $"input '{plan.Name}' was given without the tensor that belongs to it");
        return plan.Form == ValueForm.Sequence
            ? SequenceValues.Create(_environment.CpuMemory, _environment.Allocator, main, companion, ref pins, out range)
            : MapValues.Create(_environment.CpuMemory, _environment.Allocator, main, companion, ref pins);
    }

    private void TakePlain(ReadOnlySpan<int> outputs, Tensor[] results, OrtValue** values, in ValueContext context)
    {
        for (int i = 0; i < results.Length; i++)
        {
            OrtValue* value = values[i];
            values[i] = null;
            results[i] = TensorValues.Wrap(value, _outputs[outputs[i]].Name, context.Inputs, context.Session);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeFlattened(ReadOnlySpan<int> outputs, Tensor[] results, in Scratch scratch, int asked, in ValueContext context)
    {
        FlattenedValue?[] flattened = new FlattenedValue?[asked];
        try
        {
            for (int i = 0; i < results.Length; i++)
            {
                int output = _outputOf[outputs[i]];
                int slot = Find(scratch.OutputNames, asked, _outputNames[output].Pointer);
                if (flattened[slot] is null)
                {
                    OrtValue* value = scratch.Outputs[slot];
                    scratch.Outputs[slot] = null;
                    flattened[slot] = FlattenedValue.Create(value, _outputs[output], context);
                }

                results[i] = flattened[slot]!.Take(_partOf[outputs[i]]);
            }
        }
        finally
        {
            foreach (FlattenedValue? value in flattened)
            {
                value?.Dispose();
            }
        }
    }

    private static int Find(byte** names, int count, byte* name)
    {
        for (int i = 0; i < count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReleaseUnfinished(Tensor?[] results, OrtValue** values, int count)
    {
        foreach (Tensor? result in results)
        {
            result?.Dispose();
        }

        for (int i = 0; i < count; i++)
        {
            if (values[i] is not null)
            {
                OrtLibrary.Api->ReleaseValue(values[i]);
            }
        }
    }

    // The four arrays that the engine's call takes, cut from one block, and where the inputs lie.
    private readonly ref struct Scratch(nint* block, int stride, Span<AddressRange> ranges)
    {
        public byte** InputNames { get; } = (byte**)block;

        public OrtValue** Inputs { get; } = (OrtValue**)(block + stride);

        public byte** OutputNames { get; } = (byte**)(block + (2 * stride));

        public OrtValue** Outputs { get; } = (OrtValue**)(block + (3 * stride));

        public Span<AddressRange> Ranges { get; } = ranges;
    }
}
