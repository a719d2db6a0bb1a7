using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Security.Masking;
using Slipway.Server.Logging;

namespace Slipway.Server.Tests.Logging;

public sealed class TextLogFormatterTests
{
    [Fact]
    public void An_entry_is_one_line_with_its_time_level_category_event_and_message()
    {
        string line = Format("model ready");
        Assert.Matches(@"^\d\d:\d\d:\d\d\.\d\d\d info: Slipway\.Test\[7\] model ready$", line.TrimEnd('\r', '\n'));
    }

    [Theory]
    [InlineData("a\r\n12:00:00.000 info: forged[1] all is well")]
    [InlineData("a\nb")]
    [InlineData("a\u001b[2J\u001b]0;title\u0007")]
    [InlineData("a\u009b31m")]
    [InlineData("a\u2028b\u0085c\u000bd\u000ce")]
    [InlineData("a\u202egpj.exe")]
    [InlineData("a\u0000b\u0008c\u007f")]
    public void What_a_caller_sends_can_not_begin_a_line_or_speak_to_the_terminal(string message)
    {
        string line = Format(message).TrimEnd('\r', '\n');
        Assert.DoesNotContain(line, static c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u202e');
    }

    [Fact]
    public void Personal_data_that_the_operator_named_is_left_out()
    {
        string line = Format("GET /v2/models/alice@example.com 404", PersonalDataKinds.Email);
        Assert.Contains("[email]", line, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", line, StringComparison.Ordinal);
    }

    private static string Format(string message, PersonalDataKinds kinds = PersonalDataKinds.None)
    {
        using StringWriter writer = new();
        TextLogFormatter formatter = new(TimeProvider.System, new PersonalData(kinds));
        formatter.Write(new LogEntry<string>(LogLevel.Information, "Slipway.Test", new EventId(7), message, null, static (state, _) => state), null, writer);
        return writer.ToString();
    }
}
