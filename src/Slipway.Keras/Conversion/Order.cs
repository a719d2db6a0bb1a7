using Slipway.Core;

namespace Slipway.Keras.Conversion;

/// <summary>Orders of dimensions.</summary>
internal static class Order
{
    /// <summary>The last dimension comes second: channels last to channels first.</summary>
    public static long[] ChannelsToFront(int rank) => rank < 3 ? Same(rank) : [0, rank - 1, .. Enumerable.Range(1, rank - 2).Select(static i => (long)i)];

    /// <summary>The second dimension comes last: channels first to channels last.</summary>
    public static long[] ChannelsToEnd(int rank) => rank < 3 ? Same(rank) : [0, .. Enumerable.Range(2, rank - 2).Select(static i => (long)i), 1];

    /// <summary>A shape whose dimensions are put in another order.</summary>
    public static TensorShape Apply(TensorShape shape, long[] order) => new([.. order.Select(axis => shape[(int)axis])]);

    private static long[] Same(int rank) => [.. Enumerable.Range(0, rank).Select(static i => (long)i)];
}
