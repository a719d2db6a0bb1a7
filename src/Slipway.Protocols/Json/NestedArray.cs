namespace Slipway.Protocols.Json;

/// <summary>
/// Reads arrays within arrays into a flat tensor, row-major, and refuses ragged ones: all arrays of one level have the same length. Works level by level without recursion.
/// </summary>
internal static class NestedArray
{
    /// <summary>Reads an array, which the cursor stands before.</summary>
    /// <param name="cursor">Stands before the outermost <c>[</c>; ends behind its <c>]</c>.</param>
    /// <param name="sink">Takes the values.</param>
    /// <param name="lengths">
    /// One for each level of <see cref="MeasureDepth"/>: the length of its arrays, outermost first; -1: whatever the first one has, which is then filled in.
    /// </param>
    public static void Read(ref JsonCursor cursor, TensorJsonSink sink, scoped Span<long> lengths)
    {
        int depth = lengths.Length;
        Span<long> counts = stackalloc long[depth];
        Span<int> starts = stackalloc int[depth];
        int level = -1;
        do
        {
            // 1. Down to an innermost array.
            while (level < depth - 1)
            {
                level++;
                cursor.Peek();
                starts[level] = cursor.Position;
                counts[level] = 0;
                if (!cursor.TryTake((byte)'['))
                {
                    cursor.Fail("expected an array, as the others are");
                }
            }

            // 2. Its values.
            counts[level] = sink.ReadLeaves(ref cursor);

            // 3. Up again through every array that ends here.
            while (level >= 0)
            {
                Settle(ref lengths[level], counts[level], level, starts[level]);
                level--;
                if (level < 0)
                {
                    break;
                }

                counts[level]++;
                if (cursor.TryTake((byte)','))
                {
                    break;
                }

                cursor.Take((byte)']', "',' or ']'");
            }
        }
        while (level >= 0);
    }

    /// <summary>How many arrays begin one within the other at the cursor, which stays: 1 or more.</summary>
    public static int MeasureDepth(JsonCursor cursor)
    {
        int depth = 0;
        while (cursor.TryTake((byte)'['))
        {
            if (++depth > JsonCursor.MaxDepth)
            {
                cursor.Fail($"nested deeper than {JsonCursor.MaxDepth} levels");
            }
        }

        if (depth == 0)
        {
            cursor.Fail("expected an array");
        }

        return depth;
    }

    private static void Settle(ref long length, long count, int level, int start)
    {
        if (length < 0)
        {
            length = count;
        }
        else if (length != count)
        {
            throw new RaggedArrayException(level, length, count, start);
        }
    }
}
