using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>Runs a session. The path of a request: names are encoded once, and nothing but the answer is allocated for plain tensors. Thread-safe.</summary>
internal sealed unsafe class SessionRunner
{
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
        RunScratch scratch = RunScratch.Rent(Math.Max(_inputs.Length, outputs.Length));
        Tensor[] results = new Tensor[outputs.Length];
        int given = 0;
        int asked = 0;
        bool done = false;
        try
        {
            GiveInputs(inputs, scratch, ref given);
            asked = AskOutputs(outputs, scratch);
            Call(scratch, given, asked, cancellationToken);
            if (_isPlain)
            {
                TakePlain(outputs, results, scratch);
            }
            else
            {
                TakeFlattened(outputs, results, scratch, asked);
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
            Release(scratch.Inputs, given);
            scratch.Release();
            if (!done)
            {
                ReleaseUnfinished(results, scratch.Outputs, asked);
            }
        }
    }

    // The engine is called from methods without try, and not inlined into one: there the runtime takes a slower way out of managed code.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GiveInputs(ReadOnlySpan<Tensor?> inputs, RunScratch scratch, ref int given)
    {
        for (int i = 0; i < _inputs.Length; i++)
        {
            OrtValue* value = CreateInput(inputs, _inputs[i], scratch);
            if (value is not null)
            {
                scratch.InputNames[given] = _inputNames[i].Pointer;
                scratch.Inputs[given++] = value;
            }
        }
    }

    private int AskOutputs(ReadOnlySpan<int> outputs, RunScratch scratch)
    {
        int asked = 0;
        foreach (int output in outputs)
        {
            byte* name = _outputNames[_outputOf[output]].Pointer;
            if (_isPlain || Find(scratch.OutputNames, asked, name) < 0)
            {
                scratch.OutputNames[asked] = name;
                scratch.Outputs[asked++] = null;
            }
        }

        return asked;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Call(RunScratch scratch, int inputs, int outputs, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            RunOptionsLease lease = _session.RunOptions.Rent(cancellationToken);
            try
            {
                OrtStatusCheck.Check(Call(scratch, inputs, outputs, lease.Pointer));
            }
            finally
            {
                lease.Dispose();
            }
        }
        else
        {
            OrtStatusCheck.Check(Call(scratch, inputs, outputs, null));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private OrtStatus* Call(RunScratch scratch, int inputs, int outputs, OrtRunOptions* options) => OrtLibrary.Api->Run(
        _handle.Pointer, options, scratch.InputNames, scratch.Inputs, (nuint)inputs, scratch.OutputNames, (nuint)outputs, scratch.Outputs);

    // Null for an input that is left out.
    private OrtValue* CreateInput(ReadOnlySpan<Tensor?> inputs, ValuePlan plan, RunScratch scratch)
    {
        Tensor? main = inputs[plan.First];
        if (main is null)
        {
            return null;
        }

        if (plan.Form == ValueForm.Tensor)
        {
            return TensorValues.Create(_environment.CpuMemory, _environment.Allocator, main, scratch);
        }

        Tensor companion = inputs[plan.First + 1]
            ?? throw new SlipwayException(ErrorCode.InvalidRequest, $"input '{plan.Name}' was given without the tensor that belongs to it");
        return plan.Form == ValueForm.Sequence
            ? SequenceValues.Create(_environment.CpuMemory, _environment.Allocator, main, companion, scratch)
            : MapValues.Create(_environment.CpuMemory, _environment.Allocator, main, companion, scratch);
    }

    private void TakePlain(ReadOnlySpan<int> outputs, Tensor[] results, RunScratch scratch)
    {
        for (int i = 0; i < results.Length; i++)
        {
            OrtValue* value = scratch.Outputs[i];
            scratch.Outputs[i] = null;
            results[i] = TensorValues.Wrap(value, _outputs[outputs[i]].Name, scratch, _handle);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeFlattened(ReadOnlySpan<int> outputs, Tensor[] results, RunScratch scratch, int asked)
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
                    flattened[slot] = FlattenedValue.Create(value, _outputs[output], _environment.Allocator, scratch, _handle);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Release(OrtValue** values, int count)
    {
        OrtApi* api = OrtLibrary.Api;
        for (int i = 0; i < count; i++)
        {
            api->ReleaseValue(values[i]);
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
}
