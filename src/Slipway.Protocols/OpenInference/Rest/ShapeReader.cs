using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>Reads shapes.</summary>
internal static class ShapeReader
{
    /// <summary>Most dimensions of a tensor.</summary>
    public const int MostDimensions = 32;

    /// <summary>Reads an array of dimensions, each 0 or more.</summary>
    public static TensorShape Read(ref JsonCursor cursor)
    {
        Span<long> dimensions = stackalloc long[MostDimensions];
        int rank = 0;
        cursor.Take((byte)'[', "an array of dimensions");
        bool first = true;
        while (cursor.NextElement(ref first))
        {
            if (rank == MostDimensions)
            {
                cursor.Fail($"more than {MostDimensions} dimensions");
            }

            long dimension = cursor.ReadInt64("a dimension, a whole number 0 or more");
            if (dimension < 0)
            {
                cursor.Fail("a negative dimension");
            }

            dimensions[rank++] = dimension;
        }

        return new TensorShape(dimensions[..rank].ToArray());
    }
}
