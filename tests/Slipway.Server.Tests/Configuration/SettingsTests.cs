using System.Text.RegularExpressions;
using Slipway.Server.Configuration;
using Slipway.Server.Options;
using Slipway.TestKit;

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

    [Fact]
    public void The_reference_lists_every_setting_and_no_other()
    {
        string reference = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        HashSet<string> documented = [.. Regex.Matches(reference, @"^\| `([a-z]+\.[A-Za-z.]+)` \|", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        documented.UnionWith(Settings.All.Select(setting => setting.Key).Where(key => reference.Contains($"`{key}` is ", StringComparison.Ordinal)));

        Assert.Equal(Settings.All.Select(setting => setting.Key).Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }
}
