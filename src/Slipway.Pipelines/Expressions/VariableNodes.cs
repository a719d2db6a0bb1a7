using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.Pipelines.Expressions;

/// <summary>Makes the nodes that read the elements of tensors.</summary>
internal static class VariableNodes
{
    /// <summary>The element of a row, or one of its vector when an index is given.</summary>
    public static Node Read(Variable variable, Node<long>? index) => variable.DataType switch
    {
        TensorDataType.Bool => new TruthElement(variable, index) { Cost = CostOf(index) },
        TensorDataType.String => new TextElement(variable, index) { Cost = CostOf(index) },
        TensorDataType.Int8 => Integer<sbyte>(variable, index),
        TensorDataType.UInt8 => Integer<byte>(variable, index),
        TensorDataType.Int16 => Integer<short>(variable, index),
        TensorDataType.UInt16 => Integer<ushort>(variable, index),
        TensorDataType.Int32 => Integer<int>(variable, index),
        TensorDataType.UInt32 => Integer<uint>(variable, index),
        TensorDataType.Int64 => Integer<long>(variable, index),
        TensorDataType.Float16 => Number<Half>(variable, index),
        TensorDataType.Float32 => Number<float>(variable, index),
        _ => Number<double>(variable, index),
    };

    /// <summary>Whether expressions can read elements of a type.</summary>
    public static bool CanRead(TensorDataType type) =>
        type is not (TensorDataType.UInt64 or TensorDataType.BFloat16 or TensorDataType.Int4 or TensorDataType.UInt4);

    private static ElementNode<TElement, long> Integer<TElement>(Variable variable, Node<long>? index)
        where TElement : unmanaged, INumberBase<TElement> => new(variable, index) { Cost = CostOf(index) };

    private static ElementNode<TElement, double> Number<TElement>(Variable variable, Node<long>? index)
        where TElement : unmanaged, INumberBase<TElement> => new(variable, index) { Cost = CostOf(index) };

    private static long CostOf(Node<long>? index) => 1 + (index?.Cost ?? 0);

    /// <summary>Reads one element of each row.</summary>
    internal abstract class ElementReader<T>(Variable variable, Node<long>? index) : Node<T>
    {
        /// <inheritdoc/>
        public override void Run(Frame frame, ReadOnlySpan<int> rows, T[] into)
        {
            int width = WidthOf(frame.Inputs[variable.Position]);
            if (index is null)
            {
                Read(frame, variable.Position, rows, null, 1, into);
                return;
            }

            long[] places = frame.Rent<long>();
            index.Run(frame, rows, places);
            foreach (int row in rows)
            {
                if (places[row] < 0 || places[row] >= width)
                {
                    throw ExpressionFailure.InRow($"index {places[row]} lies outside of a vector of {width} (the first element has index 0)");
                }
            }

            Read(frame, variable.Position, rows, places, width, into);
            frame.Return(places);
        }

        /// <summary>Reads elements <c>(start + row) · width + place</c>.</summary>
        protected abstract void Read(Frame frame, int input, ReadOnlySpan<int> rows, long[]? places, int width, T[] into);
    }

    /// <summary>Elements in a row's vector.</summary>
    public static int WidthOf(Tensor tensor) => tensor.Shape.Rank > 1 ? (int)tensor.Shape[1] : 1;

    private sealed class ElementNode<TElement, T>(Variable variable, Node<long>? index) : ElementReader<T>(variable, index)
        where TElement : unmanaged, INumberBase<TElement>
        where T : INumberBase<T>
    {
        protected override void Read(Frame frame, int input, ReadOnlySpan<int> rows, long[]? places, int width, T[] into)
        {
            ReadOnlySpan<TElement> elements = MemoryMarshal.Cast<byte, TElement>(frame.Inputs[input].Data.Span);
            foreach (int row in rows)
            {
                into[row] = T.CreateTruncating(elements[((frame.Start + row) * width) + (int)(places?[row] ?? 0)]);
            }
        }
    }

    private sealed class TruthElement(Variable variable, Node<long>? index) : ElementReader<bool>(variable, index)
    {
        protected override void Read(Frame frame, int input, ReadOnlySpan<int> rows, long[]? places, int width, bool[] into)
        {
            ReadOnlySpan<byte> elements = frame.Inputs[input].Data.Span;
            foreach (int row in rows)
            {
                into[row] = elements[((frame.Start + row) * width) + (int)(places?[row] ?? 0)] != 0;
            }
        }
    }

    private sealed class TextElement(Variable variable, Node<long>? index) : ElementReader<string>(variable, index)
    {
        private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

        protected override void Read(Frame frame, int input, ReadOnlySpan<int> rows, long[]? places, int width, string[] into)
        {
            (int Start, int Length)[] strings = frame.Strings(input);
            ReadOnlySpan<byte> bytes = frame.Inputs[input].Data.Span;
            foreach (int row in rows)
            {
                (int start, int length) = strings[((frame.Start + row) * width) + (int)(places?[row] ?? 0)];

                // Three bytes at most make one character.
                if (length > 3 * Arithmetic.MaxText)
                {
                    throw TooLong();
                }

                try
                {
                    into[row] = Strict.GetString(bytes.Slice(start, length)) is { Length: <= Arithmetic.MaxText } text ? text : throw TooLong();
                }
                catch (DecoderFallbackException)
                {
                    throw ExpressionFailure.InRow("a text is not UTF-8");
                }
            }
        }

        private static Slipway.Core.SlipwayException TooLong() => ExpressionFailure.InRow($"a text is longer than {Arithmetic.MaxText} characters");
    }
}
