using Slipway.Core;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Values;

/// <summary>The tensors that one value other than a plain tensor was flattened to; those not taken are released with it.</summary>
internal sealed class FlattenedValue : IDisposable
{
    private static readonly byte[] True = [1];
    private static readonly byte[] False = [0];

    private readonly Dictionary<ValuePart, Tensor> _parts = [];

    private FlattenedValue()
    {
    }

    /// <summary>Hands a tensor over to the caller. Each may be taken once.</summary>
    public Tensor Take(ValuePart part) =>
        _parts.Remove(part, out Tensor? tensor) ? tensor : throw new SlipwayException(ErrorCode.InvalidRequest, "an output was asked for twice");

    /// <summary>Flattens <paramref name="value"/>, which is taken over, also when this throws.</summary>
    /// <param name="value">The engine's value; null when an optional one is absent.</param>
    /// <param name="plan">What it is.</param>
    /// <param name="allocator">Where elements of sequences and maps are copied to.</param>
    /// <param name="scratch">Knows where this run's inputs lie.</param>
    /// <param name="session">Kept alive with the tensors.</param>
    public static unsafe FlattenedValue Create(OrtValue* value, ValuePlan plan, OrtAllocator* allocator, RunScratch scratch, SessionHandle session)
    {
        FlattenedValue flat = new();
        bool present = false;
        try
        {
            present = value is not null && (!plan.IsOptional || HasValue(value));
            if (!present)
            {
                flat.AddAbsent(plan);
            }
            else
            {
                OrtValue* taken = value;
                value = plan.Form == ValueForm.Tensor ? null : value;
                switch (plan.Form)
                {
                    case ValueForm.Tensor:
                        flat._parts[ValuePart.Main] = TensorValues.Wrap(taken, plan.Name, scratch, session);
                        break;
                    case ValueForm.Sequence:
                        (flat._parts[ValuePart.Main], flat._parts[ValuePart.Shapes]) = SequenceValues.Read(taken, plan, allocator);
                        break;
                    default:
                        (flat._parts[ValuePart.Main], flat._parts[ValuePart.Keys]) = MapValues.Read(taken, plan, allocator);
                        break;
                }
            }

            flat._parts[ValuePart.Present] = new Tensor(plan.Name + SignatureNames.Present, TensorDataType.Bool, new TensorShape(1), present ? True : False);
            return flat;
        }
        catch
        {
            flat.Dispose();
            throw;
        }
        finally
        {
            if (value is not null)
            {
                OrtLibrary.Api->ReleaseValue(value);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor part in _parts.Values)
        {
            part.Dispose();
        }

        _parts.Clear();
    }

    // An absent value has no elements: every dimension is 0, and one dimension where there would be none.
    private void AddAbsent(ValuePlan plan)
    {
        TensorShape shape = plan.Form switch
        {
            ValueForm.MapSequence => new TensorShape(0, 0),
            ValueForm.Tensor => new TensorShape(new long[Math.Max(1, plan.Shape.Rank)]),
            _ => new TensorShape(0),
        };
        _parts[ValuePart.Main] = new Tensor(plan.Name, plan.ElementType, shape, default);
        _parts[ValuePart.Keys] = new Tensor(plan.Name + SignatureNames.Keys, plan.KeyType, new TensorShape(0), default);
        _parts[ValuePart.Shapes] = new Tensor(plan.Name + SignatureNames.Shapes, TensorDataType.Int64, new TensorShape(0, 0), default);
    }

    private static unsafe bool HasValue(OrtValue* value)
    {
        int has;
        OrtStatusCheck.Check(OrtLibrary.Api->HasValue(value, &has));
        return has != 0;
    }
}
