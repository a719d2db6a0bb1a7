using Slipway.TestKit.Fakes;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Bandits;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Tests.Bandits;

/// <summary>A bandit over arms <c>a</c>, <c>b</c>, … in virtual time.</summary>
internal sealed class BanditWorld
{
    private readonly ArmDefinition[] _arms;

    public BanditWorld(BanditDefinition definition, int arms = 2, ulong seed = 1)
    {
        Random = new SeededRandom(seed);
        _arms = [.. Enumerable.Range(0, arms).Select(static arm => new ArmDefinition { Name = ((char)('a' + arm)).ToString(), Model = "model" })];
        Bandit = new Bandit(definition, _arms, null, Time);
    }

    public FakeTimeProvider Time { get; } = new();

    public SeededRandom Random { get; }

    public Bandit Bandit { get; private set; }

    public BanditMemory Memory => Bandit.Memory;

    /// <summary>Decides and answers a request.</summary>
    public int Ask(string id, double[]? context = null)
    {
        BanditDecision decision = Bandit.Choose(context, Random);
        decision.Answered(id);
        return decision.Arm;
    }

    /// <summary>Changes the definition as a change of the endpoint does.</summary>
    public void Become(BanditDefinition definition) => Bandit = new Bandit(definition, _arms, Bandit.Memory, Time);

    /// <summary>Probabilities, counted over many decisions.</summary>
    public double[] Shares(int decisions = 2000)
    {
        double[] shares = new double[_arms.Length];
        for (int i = 0; i < decisions; i++)
        {
            shares[Bandit.Choose((double[]?)null, Random).Arm] += 1.0 / decisions;
        }

        return shares;
    }
}
