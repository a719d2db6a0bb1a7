using Slipway.Core;
using Slipway.Formats.LightGbm;
using Slipway.Formats.XGBoost;

namespace Slipway.Formats.Tests.Boosters;

public sealed class ObjectiveNamesTests
{
    [Fact]
    public void Every_objective_that_is_promised_is_read()
    {
        foreach (string name in XGBoostObjective.Names)
        {
            XGBoostObjective.Read(name);
        }

        foreach (string name in LightGbmObjective.Names)
        {
            LightGbmObjective.Read(name);
        }
    }

    [Fact]
    public void An_objective_that_nobody_knows_is_refused_by_name()
    {
        Assert.Contains("reg:fancy", Assert.Throws<SlipwayException>(static () => XGBoostObjective.Read("reg:fancy")).Message, StringComparison.Ordinal);
        Assert.Contains("fancy", Assert.Throws<SlipwayException>(static () => LightGbmObjective.Read("fancy")).Message, StringComparison.Ordinal);
    }
}
