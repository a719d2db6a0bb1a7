using System.Text;
using Slipway.Inference.Configuration;

namespace Slipway.Inference.Tests.Configuration;

public sealed class ConfigReaderTests
{
    [Fact]
    public void A_value_is_read_with_its_unit_range_and_words()
    {
        ConfigMapping root = Begin("delay: 5ms\nlimit: 256MiB\ncount: 3\nflag: true\nmode: fast\nnames: {a: b}\nlist: [1, 2]", out ConfigReader reader);

        Assert.Equal(TimeSpan.FromMilliseconds(5), root.Get("delay", v => v.AsDuration(), TimeSpan.Zero));
        Assert.Equal(256L << 20, root.Get("limit", v => v.AsSize(), 0));
        Assert.Equal(3, root.Get("count", v => v.AsInt32(1, 3), 0));
        Assert.True(root.Get("flag", v => v.AsBool(), false));
        Assert.Equal(7, root.Get("mode", v => v.AsOneOf(new Dictionary<string, int> { ["fast"] = 7 }), 0));
        Assert.Equal("b", root.GetObject("names", v => v.AsTextMap(), null)!["a"]);
        Assert.Equal(2, root.GetObject("list", v => v.AsList(), null)!.Count);
        root.Finish();
        Assert.Empty(reader.Problems);
    }

    [Fact]
    public void An_unknown_key_is_named_with_its_line_and_the_nearest_known_key()
    {
        ConfigMapping root = Begin("maxBatchSize: 1\nbatching:\n  max_queue_delay: 5ms\n", out ConfigReader reader);
        root.Has("maxBatchSize");
        ConfigMapping batching = root.GetObject("batching", v => v.AsMapping(), null)!;
        batching.Has("maxQueueDelay");
        batching.Has("preferredBatchSizes");

        batching.Finish();
        root.Finish();

        ConfigProblem problem = Assert.Single(reader.Problems);
        Assert.Equal("line 3:3: batching.max_queue_delay: unknown key; did you mean 'maxQueueDelay'?", problem.ToString());
    }

    [Theory]
    [InlineData("delay: 5", "a duration with its unit")]
    [InlineData("delay: -5ms", "a duration with its unit")]
    [InlineData("delay: [5ms]", "not a list")]
    [InlineData("delay:", "not nothing")]
    [InlineData("delay: 999999999999d", "a duration with its unit")]
    public void A_wrong_value_says_what_is_expected(string yaml, string expected)
    {
        ConfigMapping root = Begin(yaml, out ConfigReader reader);

        Assert.Equal(TimeSpan.MinValue, root.Get("delay", v => v.AsDuration(), TimeSpan.MinValue));

        Assert.Contains(expected, Assert.Single(reader.Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("0", 0)]
    [InlineData("2h", 7_200_000)]
    public void Durations_are_read(string text, double milliseconds)
    {
        Assert.True(ConfigUnits.TryParseDuration(text, out TimeSpan duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("1 GiB", 1L << 30)]
    [InlineData("1.5KiB", 1536)]
    [InlineData("2MB", 2_000_000)]
    public void Sizes_are_read(string text, long bytes)
    {
        Assert.True(ConfigUnits.TryParseSize(text, out long read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("a: 1\na: 2", "given twice")]
    [InlineData("a: !!binary aGk=", "tag")]
    [InlineData("a: *gone", "no finished anchor")]
    [InlineData("a: &x [*x]", "no finished anchor")]
    [InlineData("a: 1\n---\nb: 2", "second")]
    [InlineData("a: [1, 2", "not YAML")]
    [InlineData("? [a]\n: 1", "plain text")]
    public void What_is_no_plain_document_is_refused_with_its_place(string yaml, string expected)
    {
        Assert.False(YamlText.TryParse(yaml, out _, out ConfigProblem? problem));
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_stands_for_its_anchor()
    {
        Assert.True(YamlText.TryParse("a: &x {b: 1}\nc: *x", out ConfigNode? root, out _));
        Assert.Equal("1", root.Find("c")!.Find("b")!.Text);
    }

    [Fact]
    public void Aliases_that_unfold_to_billions_are_refused()
    {
        StringBuilder yaml = new("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++)
        {
            yaml.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        Assert.False(YamlText.TryParse(yaml.ToString(), out _, out ConfigProblem? problem));
        Assert.Contains("values", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a: ", 100_000)]
    [InlineData("- ", 2_000)]
    public void Deep_nesting_is_refused(string opening, int count)
    {
        Assert.False(YamlText.TryParse(string.Concat(Enumerable.Repeat(opening, count)), out _, out ConfigProblem? problem));
        Assert.NotEmpty(problem.Message);
    }

    [Fact]
    public void Random_text_is_read_or_refused_and_nothing_else()
    {
        Random random = new(3);
        string[] pieces = ["a", ": ", "- ", "\n", "  ", "{", "}", "[", "]", "'", "\"", "&x", "*x", "!!t", "|", ">", "? ", "#", "---", "...", "%", "\t", ",", "\u0085", "<<", "\\x"];
        for (int run = 0; run < 20_000; run++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(15)).Select(_ => pieces[random.Next(pieces.Length)]));
            Assert.True(YamlText.TryParse(text, out _, out ConfigProblem? problem) || problem.Message.Length > 0);
        }
    }

    [Fact]
    public void A_value_is_laid_over_a_tree_by_its_path()
    {
        Assert.True(YamlText.TryParse("server: {http: {port: 1}}\nlist: [a]", out ConfigNode? root, out _));

        ConfigNode changed = root.With(["SERVER", "http", "port"], ConfigNode.Scalar("2")).With(["list", "1"], ConfigNode.Scalar("b")).With(["new", "key"], ConfigNode.Scalar("c"));

        Assert.Equal("2", changed.Find("server")!.Find("http")!.Find("port")!.Text);
        Assert.Equal(["a", "b"], changed.Find("list")!.Items.Select(item => item.Text));
        Assert.Equal("c", changed.Find("new")!.Find("key")!.Text);
    }

    private static ConfigMapping Begin(string yaml, out ConfigReader reader)
    {
        Assert.True(YamlText.TryParse(yaml, out ConfigNode? root, out _));
        reader = new ConfigReader();
        return reader.Begin(root);
    }
}
