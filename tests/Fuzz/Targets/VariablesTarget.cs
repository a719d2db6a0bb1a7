using Slipway.TensorFlow.Bundles;

namespace Slipway.Fuzz.Targets;

/// <summary>What a variables index is made of, behind its checksums: packed blocks, entries, and keys of slices.</summary>
internal sealed class VariablesTarget : IFuzzTarget
{
    public string Name => "variables";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Convert.FromHexString("0a0461621e0200"),
        Convert.FromHexString("0b2868656c6c6f20776f726c64"),
        Convert.FromHexString("08011204120208022808353d33c8f4"),
        Convert.FromHexString("00616200010102" + "85c041807f"),
        Convert.FromHexString("00000608011a020801" + "0000000001000000" + "00a5c99d3b" + new string('0', 80) + "57fb808b247547db"),
    ];

    public ValueTask ReadAsync(byte[] input)
    {
        SliceKey.TryParse(input);
        Slipway.Core.SlipwayException? last = null;
        foreach (Action read in new Action[] { () => SnappyBlock.Unpack(input, 1 << 20), () => BundleEntry.Read(input), () => SortedTable.Read(input) })
        {
            try
            {
                read();
            }
            catch (Slipway.Core.SlipwayException refusal)
            {
                last = refusal;
            }
        }

        return last is null ? ValueTask.CompletedTask : throw last;
    }
}
