using System.Collections.Immutable;

namespace Slipway.Traffic.Assignment;

/// <summary>
/// Divides ten thousand slots among arms by their weights; an entity's salted hash picks a slot, the slot the arm. A change of weights moves no more slots than it must:
/// an arm that shrinks gives its surplus to arms that grow, and nothing else moves. Immutable.
/// </summary>
/// <remarks>
/// Fresh tables depend on names and weights only. With two arms the fresh table equals the rebalanced one, so that a replica without history agrees. With more,
/// no rule without memory can move the least possible for every change; then <see cref="Runs"/> of the table before have to be kept.
/// </remarks>
public sealed class SlotTable
{
    /// <summary>Number of slots: weights have a grain of 0.01 percent.</summary>
    public const int Slots = 10_000;

    private readonly byte[] _armOf;

    private SlotTable(ImmutableArray<string> arms, byte[] armOf)
    {
        Arms = arms;
        _armOf = armOf;
    }

    /// <summary>Names of the arms, in ordinal order.</summary>
    public ImmutableArray<string> Arms { get; }

    /// <summary>The table as runs of neighbouring slots with the same arm, to be kept and given to <see cref="FromRuns"/>.</summary>
    public IReadOnlyList<SlotRun> Runs
    {
        get
        {
            List<SlotRun> runs = [];
            for (int i = 0; i < Slots;)
            {
                int start = i;
                while (i < Slots && _armOf[i] == _armOf[start])
                {
                    i++;
                }

                runs.Add(new SlotRun(Arms[_armOf[start]], i - start));
            }

            return runs;
        }
    }

    /// <summary>Divides afresh.</summary>
    /// <param name="weights">Arm → weight, 0 or more, at most 255 arms, not all 0.</param>
    public static SlotTable Create(IReadOnlyDictionary<string, double> weights)
    {
        ImmutableArray<string> arms = [.. weights.Keys.Order(StringComparer.Ordinal)];
        int[] quotas = Quotas(arms, weights);
        byte[] armOf = new byte[Slots];
        int next = 0;
        for (int arm = 0; arm < quotas.Length; arm++)
        {
            armOf.AsSpan(next, quotas[arm]).Fill((byte)arm);
            next += quotas[arm];
        }

        return new SlotTable(arms, armOf);
    }

    /// <summary>Takes a kept table back; null when the runs are no table.</summary>
    public static SlotTable? FromRuns(IReadOnlyList<SlotRun> runs)
    {
        ImmutableArray<string> arms = [.. runs.Select(static run => run.Arm).Distinct().Order(StringComparer.Ordinal)];
        if (arms.Length > byte.MaxValue || runs.Any(static run => run.Length is < 0 or > Slots) || runs.Sum(static run => run.Length) != Slots)
        {
            return null;
        }

        byte[] armOf = new byte[Slots];
        int next = 0;
        foreach (SlotRun run in runs)
        {
            armOf.AsSpan(next, run.Length).Fill((byte)arms.IndexOf(run.Arm));
            next += run.Length;
        }

        return new SlotTable(arms, armOf);
    }

    /// <summary>The arm of a slot.</summary>
    public string ArmOf(int slot) => Arms[_armOf[slot]];

    /// <summary>The table with other weights, and the fewest possible slots moved.</summary>
    public SlotTable With(IReadOnlyDictionary<string, double> weights)
    {
        ImmutableArray<string> arms = [.. weights.Keys.Union(Arms).Order(StringComparer.Ordinal)];
        int[] surplus = new int[arms.Length];
        byte[] armOf = new byte[Slots];
        for (int slot = 0; slot < Slots; slot++)
        {
            int arm = arms.BinarySearch(ArmOf(slot), StringComparer.Ordinal);
            armOf[slot] = (byte)arm;
            surplus[arm]++;
        }

        int[] quotas = Quotas(arms, weights);
        for (int arm = 0; arm < quotas.Length; arm++)
        {
            surplus[arm] -= quotas[arm];
        }

        for (int giver = 0; giver < arms.Length; giver++)
        {
            for (int taker = 0; taker < arms.Length && surplus[giver] > 0; taker++)
            {
                int count = Math.Min(surplus[giver], -surplus[taker]);
                if (count > 0)
                {
                    Move(armOf, (byte)giver, (byte)taker, count);
                    surplus[giver] -= count;
                    surplus[taker] += count;
                }
            }
        }

        return FromRuns(new SlotTable(arms, armOf).Runs)!;
    }

    // Arms lie in ordinal order in a fresh table; giving at the end that faces the taker keeps two arms as a fresh table has them.
    private static void Move(byte[] armOf, byte giver, byte taker, int count)
    {
        bool fromStart = taker < giver;
        for (int i = 0; i < Slots && count > 0; i++)
        {
            int slot = fromStart ? i : Slots - 1 - i;
            if (armOf[slot] == giver)
            {
                armOf[slot] = taker;
                count--;
            }
        }
    }

    /// <summary>Slots of each arm: rounded down, what is left goes to the largest remainders, ties to the first name.</summary>
    private static int[] Quotas(ImmutableArray<string> arms, IReadOnlyDictionary<string, double> weights)
    {
        double total = arms.Sum(arm => weights.GetValueOrDefault(arm));
        double[] exact = [.. arms.Select(arm => weights.GetValueOrDefault(arm) / total * Slots)];
        int[] quotas = [.. exact.Select(static share => (int)Math.Floor(share + 1e-9))];
        int left = Slots - quotas.Sum();
        foreach (int arm in Enumerable.Range(0, arms.Length).OrderByDescending(arm => exact[arm] - quotas[arm]).Take(left))
        {
            quotas[arm]++;
        }

        return quotas;
    }
}

/// <summary>Neighbouring slots with the same arm.</summary>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Length">Number of slots.</param>
public readonly record struct SlotRun(string Arm, int Length);
