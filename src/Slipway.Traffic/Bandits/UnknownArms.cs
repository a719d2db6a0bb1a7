namespace Slipway.Traffic.Bandits;

/// <summary>Arms of which nothing is known yet.</summary>
internal static class UnknownArms
{
    /// <summary>Divides evenly among the arms without a whole reward; false when there is none. Not the first of them: rewards come late, and until then one arm would get everything.</summary>
    public static bool Divide(ReadOnlySpan<ArmReward> arms, Span<double> shares)
    {
        int unknown = 0;
        foreach (ArmReward arm in arms)
        {
            unknown += arm.Count < 1 ? 1 : 0;
        }

        if (unknown == 0)
        {
            return false;
        }

        for (int i = 0; i < arms.Length; i++)
        {
            shares[i] = arms[i].Count < 1 ? 1.0 / unknown : 0;
        }

        return true;
    }

    /// <summary>Gives everything to the largest value; arms that share it, share evenly.</summary>
    public static void GiveToLargest(ReadOnlySpan<double> values, Span<double> shares)
    {
        double largest = double.NegativeInfinity;
        int count = 0;
        foreach (double value in values)
        {
            count = value > largest ? 1 : value == largest ? count + 1 : count;
            largest = Math.Max(largest, value);
        }

        for (int i = 0; i < values.Length; i++)
        {
            shares[i] = values[i] == largest ? 1.0 / count : 0;
        }
    }
}
