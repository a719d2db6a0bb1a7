using Slipway.Inference.Versions;
using State = Slipway.Core.ServableState;

namespace Slipway.Inference.Tests.Versions;

public sealed class ServableTransitionsTests
{
    private static readonly HashSet<(State From, State To)> Allowed =
    [
        (State.Unknown, State.Loading), (State.Unknown, State.Failed),
        (State.Loading, State.Warming), (State.Loading, State.Unknown), (State.Loading, State.Failed),
        (State.Warming, State.Ready), (State.Warming, State.Unknown), (State.Warming, State.Failed),
        (State.Ready, State.Draining),
        (State.Draining, State.Unloaded), (State.Draining, State.Loading),
        (State.Unloaded, State.Loading), (State.Unloaded, State.Failed),
        (State.Failed, State.Loading), (State.Failed, State.Unloaded), (State.Failed, State.Failed),
    ];

    [Fact]
    public void Every_pair_of_states_is_allowed_or_not_as_written()
    {
        foreach (State from in Enum.GetValues<State>())
        {
            foreach (State to in Enum.GetValues<State>())
            {
                Assert.True(Allowed.Contains((from, to)) == ServableTransitions.IsAllowed(from, to), $"{from} to {to}");
            }
        }
    }

    [Fact]
    public void A_step_that_is_not_allowed_is_a_bug()
    {
        VersionState version = new(1, default);

        Assert.Throws<InvalidOperationException>(() => version.MoveTo(State.Ready, default));
        Assert.Equal(State.Unknown, version.State);
    }
}
