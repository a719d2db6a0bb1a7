using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;

namespace Slipway.TensorFlow.Operators.Shapes;

/// <summary>
/// Python's slices. Bit i of a mask is about the i-th entry of the specification, which is not the i-th dimension once an ellipsis or a new dimension has come.
/// </summary>
internal static class StridedSlices
{
    public static Term Convert(OperatorCall call)
    {
        Term value = call.Tensor(0);
        Specification specification = new(call);
        List<SliceRange> ranges = [];
        List<(int Axis, Term Start, Term? End)> open = [];
        List<int> shrunk = [];
        List<int> added = [];
        int axis = 0;
        int place = 0;
        for (int i = 0; i < specification.Count; i++)
        {
            if (specification.IsEllipsis(i))
            {
                int skipped = OperatorCall.Rank(value) - specification.ConsumedBehind(i) - axis;
                axis += skipped;
                place += skipped;
                continue;
            }

            if (specification.IsNew(i))
            {
                added.Add(place++);
                continue;
            }

            if (value.Shape.HasRank && axis >= value.Shape.Rank)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"it slices more dimensions than {value.Shape} has");
            }

            if (specification.IsShrunk(i))
            {
                shrunk.Add(axis);
            }
            else
            {
                place++;
            }

            specification.AddTo(ranges, open, axis, i);
            axis++;
        }

        Term sliced = Cut(call.Draft, call.Draft.Slice(value, ranges), open);
        Term squeezed = call.Draft.Squeeze(sliced, [.. shrunk.Select(static gone => (long)gone)]);
        return added.Aggregate(squeezed, (term, position) => call.Draft.Unsqueeze(term, position));
    }

    // Ends that are computed when the model runs.
    private static Term Cut(Draft draft, Term value, List<(int Axis, Term Start, Term? End)> open)
    {
        foreach ((int axis, Term start, Term? end) in open)
        {
            if (end is null)
            {
                // One position: a gather keeps the dimension when it is given a vector of one.
                value = draft.Gather(value, draft.Unsqueeze(start, 0), axis);
                continue;
            }

            Graphs.PartialShape shape = value.Shape;
            if (shape.HasRank)
            {
                long[] sizes = shape.ToArray();
                sizes[axis] = -1;
                shape = new Graphs.PartialShape(sizes);
            }

            value = draft.Node("Slice", [value, draft.Unsqueeze(start, 0), draft.Unsqueeze(end, 0), draft.Integers([axis])], value.Type, shape);
        }

        return value;
    }

    /// <summary>The entries of a node's specification.</summary>
    private sealed class Specification(OperatorCall call)
    {
        private readonly Term _begin = call.Draft.Long(call.Tensor(1));
        private readonly Term _end = call.Draft.Long(call.Tensor(2));
        private readonly long[] _steps = call.Integers(3, "strides");
        private readonly long _beginMask = call.Attribute("begin_mask", 0L);
        private readonly long _endMask = call.Attribute("end_mask", 0L);
        private readonly long _ellipsisMask = call.Attribute("ellipsis_mask", 0L);
        private readonly long _newMask = call.Attribute("new_axis_mask", 0L);
        private readonly long _shrinkMask = call.Attribute("shrink_axis_mask", 0L);

        public int Count => _steps.Length <= 62 ? _steps.Length : throw new SlipwayException(ErrorCode.InvalidModel, $"it has {_steps.Length} entries");

        public bool IsEllipsis(int i) => Bit(_ellipsisMask, i);

        public bool IsNew(int i) => Bit(_newMask, i);

        public bool IsShrunk(int i) => Bit(_shrinkMask, i);

        /// <summary>Number of dimensions that the entries behind an ellipsis are about.</summary>
        public int ConsumedBehind(int i) => Enumerable.Range(i + 1, Count - i - 1).Count(other => !IsNew(other));

        public void AddTo(List<SliceRange> ranges, List<(int Axis, Term Start, Term? End)> open, int axis, int i)
        {
            long step = _steps[i] != 0 ? _steps[i] : throw new SlipwayException(ErrorCode.InvalidModel, "it has a stride of zero");
            if (IsShrunk(i))
            {
                if (Known(_begin, i) is { } position)
                {
                    ranges.Add(new SliceRange(axis, position, position == -1 ? long.MaxValue : position + 1, 1));
                }
                else
                {
                    open.Add((axis, Element(_begin, i), null));
                }

                return;
            }

            long? start = Bit(_beginMask, i) ? (step > 0 ? 0 : -1) : Known(_begin, i);
            long? end = Bit(_endMask, i) ? (step > 0 ? long.MaxValue : long.MinValue) : Known(_end, i);
            if (start is { } first && end is { } last)
            {
                ranges.Add(new SliceRange(axis, first, last, step));
                return;
            }

            if (step != 1)
            {
                throw OperatorCall.NotSupported("ends that are computed when the model runs are converted for a stride of one only");
            }

            open.Add((axis, start is { } s ? Scalar(s) : Element(_begin, i), end is { } e ? Scalar(e) : Element(_end, i)));
        }

        private static bool Bit(long mask, int i) => ((mask >> i) & 1) != 0;

        private static long? Known(Term vector, int i) => vector.Elements is { } elements && i < elements.Length ? elements[i] : null;

        private Term Scalar(long value) => call.Draft.Scalar(value, OnnxDataType.Int64);

        private Term Element(Term vector, int i) => call.Draft.Gather(vector, Scalar(i), 0);
    }
}
