using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Security.Masking;
using Slipway.Server.Logging;

namespace Slipway.Server.Tests.Logging;

public sealed class JsonLogFormatterTests
{
    [Fact]
    public void An_entry_is_one_line_with_its_values_and_the_trace()
    {
        using Activity activity = new Activity("x").SetIdFormat(ActivityIdFormat.W3C).Start();

        JsonElement line = Format(LogLevel.Warning, new EventId(2001, "Loaded"), "loaded {Model} in {Seconds} s, twice: {Twice}\n", "iris", 0.5, true);

        Assert.Equal("warn", line.GetProperty("level").GetString());
        Assert.Equal(2001, line.GetProperty("event").GetInt32());
        Assert.Equal("Slipway.Tests", line.GetProperty("category").GetString());
        Assert.Equal("loaded iris in 0.5 s, twice: True\n", line.GetProperty("message").GetString());
        Assert.Equal("iris", line.GetProperty("values").GetProperty("Model").GetString());
        Assert.Equal(0.5, line.GetProperty("values").GetProperty("Seconds").GetDouble());
        Assert.True(line.GetProperty("values").GetProperty("Twice").GetBoolean());
        Assert.Equal(activity.TraceId.ToHexString(), line.GetProperty("trace_id").GetString());
        Assert.Equal(activity.SpanId.ToHexString(), line.GetProperty("span_id").GetString());
        Assert.EndsWith("Z", line.GetProperty("time").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_without_values_trace_or_fault_has_no_fields_for_them()
    {
        JsonElement line = Format(LogLevel.Information, default, "ready");
        Assert.Equal(["time", "level", "category", "event", "message"], line.EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public void Values_that_json_cannot_hold_are_written_as_text()
    {
        JsonElement values = Format(LogLevel.Error, default, "{A} {B} {C}", double.NaN, null!, new Uri("http://x/")).GetProperty("values");
        Assert.Equal("NaN", values.GetProperty("A").GetString());
        Assert.Equal(JsonValueKind.Null, values.GetProperty("B").ValueKind);
        Assert.Equal("http://x/", values.GetProperty("C").GetString());
    }

    [Fact]
    public void An_exception_is_in_a_field_of_its_own()
    {
        using StringWriter text = new();
        new JsonLogFormatter(TimeProvider.System, new PersonalData(PersonalDataKinds.None)).Write(
            new LogEntry<string>(LogLevel.Critical, "c", default, "state", new InvalidOperationException("line one\nline two"), (state, _) => state),
            null,
            text);
        JsonElement line = JsonDocument.Parse(text.ToString()).RootElement;
        Assert.Contains("line two", line.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, text.ToString().Count(letter => letter == '\n'));
    }

    private static JsonElement Format(LogLevel level, EventId id, string template, params object[] values)
    {
        using StringWriter text = new();
        JsonLogFormatter formatter = new(TimeProvider.System, new PersonalData(PersonalDataKinds.None));
        Relay logger = new(formatter, text);
#pragma warning disable CA2254 // the template is what the test is about
        logger.Log(level, id, template, values);
#pragma warning restore CA2254
        Assert.Equal(1, text.ToString().Count(letter => letter == '\n'));
        return JsonDocument.Parse(text.ToString()).RootElement;
    }

    /// <summary>Hands entries to the formatter as the console logger does.</summary>
    private sealed class Relay(JsonLogFormatter formatter, TextWriter text) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter1) =>
            formatter.Write(new LogEntry<TState>(logLevel, "Slipway.Tests", eventId, state, exception, formatter1!), null, text);
    }
}
