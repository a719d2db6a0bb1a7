using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Transforms;

/// <summary>Another element type, value by value. What the type can't hold fails: nothing wraps around.</summary>
internal sealed class Cast : Transform
{
    private readonly TensorDataType _to;

    [SetsRequiredMembers]
    public Cast(CastBody body, TensorSignature type)
    {
        _to = body.To;
        foreach (TensorDataType one in (ReadOnlySpan<TensorDataType>)[type.DataType, body.To])
        {
            if (!NumericTypes.Has(one) && one is not (TensorDataType.Bool or TensorDataType.String))
            {
                throw Wrong($"{one.ToName()} is not cast");
            }
        }

        Inputs = [];
        Outputs = [type with { Name = StepBody.Output, DataType = body.To }];
    }

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        Tensor input = inputs[0];
        if (_to == TensorDataType.String)
        {
            return StepResult.Owning(ElementTexts.Make(input.Shape, ElementTexts.Read(input), memory));
        }

        CountedBuffer buffer = memory.Rent(_to.ByteLength(input.ElementCount));
        try
        {
            if (input.DataType == TensorDataType.String)
            {
                NumericTypes.Dispatch<Parse, bool>(Stored(_to), new Parse(ElementTexts.Read(input), _to, buffer));
            }
            else
            {
                NumericTypes.Dispatch<From, bool>(Stored(input.DataType), new From(input, _to, buffer));
            }
        }
        catch (OverflowException)
        {
            buffer.Dispose();
            throw BadValue($"a value does not fit {_to.ToName()}");
        }
        catch
        {
            buffer.Dispose();
            throw;
        }

        return StepResult.Owning(buffer.ToTensor(StepBody.Output, _to, input.Shape));
    }

    // Truths are stored as bytes of 0 and 1.
    private static TensorDataType Stored(TensorDataType type) => type == TensorDataType.Bool ? TensorDataType.UInt8 : type;

    private readonly struct From(Tensor input, TensorDataType to, CountedBuffer buffer) : INumericVisitor<bool>
    {
        public bool Visit<T>()
            where T : unmanaged, INumber<T>
        {
            if (to != TensorDataType.Bool)
            {
                return NumericTypes.Dispatch<To<T>, bool>(to, new To<T>(input, buffer));
            }

            ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(input.Data.Span);
            for (int i = 0; i < values.Length; i++)
            {
                buffer.Span[i] = values[i] != T.Zero ? (byte)1 : (byte)0;
            }

            return true;
        }
    }

    private readonly struct To<TFrom>(Tensor input, CountedBuffer buffer) : INumericVisitor<bool>
        where TFrom : unmanaged, INumber<TFrom>
    {
        public bool Visit<T>()
            where T : unmanaged, INumber<T>
        {
            ReadOnlySpan<TFrom> values = MemoryMarshal.Cast<byte, TFrom>(input.Data.Span);
            Span<T> into = MemoryMarshal.Cast<byte, T>(buffer.Span);
            for (int i = 0; i < values.Length; i++)
            {
                // Fractions are cut towards zero; NaN is no whole number.
                into[i] = T.CreateChecked(values[i]);
            }

            return true;
        }
    }

    private readonly struct Parse(string[] texts, TensorDataType to, CountedBuffer buffer) : INumericVisitor<bool>
    {
        public bool Visit<T>()
            where T : unmanaged, INumber<T>
        {
            Span<T> into = MemoryMarshal.Cast<byte, T>(buffer.Span);
            for (int i = 0; i < texts.Length; i++)
            {
                into[i] = to == TensorDataType.Bool
                    ? texts[i] switch { "true" or "1" => T.One, "false" or "0" => T.Zero, _ => throw BadValue("a text is neither true nor false") }
                    : ParseNumber<T>(texts[i]);
            }

            return true;
        }

        // An empty text is a missing value, which only numbers with a fraction have.
        private static T ParseNumber<T>(string text)
            where T : unmanaged, INumber<T>
        {
            bool isFloat = typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half);
            if (text.Length == 0 && isFloat)
            {
                return T.CreateChecked(double.NaN);
            }

            return T.TryParse(text, isFloat ? NumberStyles.Float : NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T value)
                ? value
                : throw BadValue("a text is no number of the type that it is cast to");
        }
    }
}
