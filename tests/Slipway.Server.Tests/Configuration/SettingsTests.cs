using Slipway.Server.Configuration;
using Slipway.Server.Options;

namespace Slipway.Server.Tests.Configuration;

public sealed class SettingsTests
{
    [Fact]
    public void Every_key_is_there_once_and_none_is_a_section_of_another()
    {
        string[] keys = [.. Settings.All.Select(setting => setting.Key)];
        Assert.Equal(keys.Distinct(), keys);
        Assert.DoesNotContain(keys, key => keys.Any(other => other.StartsWith(key + ".", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_effective_value_can_be_shown()
    {
        ServerOptions options = new();
        Assert.All(Settings.All, setting => Assert.NotEqual("", setting.Show(options)));
    }
}
