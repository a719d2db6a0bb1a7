using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Protocols.OpenInference.Settings;
using Slipway.Server.Hosting;
using Slipway.Server.Options;

namespace Slipway.Server.Tests.Logging;

public sealed class LogThresholdTests
{
    [Fact]
    public void Loggers_that_exist_follow_a_change_of_the_threshold()
    {
        ServiceCollection services = new();
        services.AddSingleton(TimeProvider.System);
        services.AddLogging(static logging => ServerLogging.Configure(logging, new LoggingOptions { Level = LogLevel.Information }));
        using ServiceProvider provider = services.BuildServiceProvider();
        ILogger own = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Slipway.Inference");
        ILogger framework = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Server.Kestrel");
        ILogger requests = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics");
        LogThreshold threshold = provider.GetRequiredService<LogThreshold>();
        foreach ((LogLevel level, LogLevel frameworks) in ((LogLevel, LogLevel)[])
            [
                (LogLevel.Information, LogLevel.Warning), (LogLevel.Trace, LogLevel.Warning), (LogLevel.Error, LogLevel.Error),
                (LogLevel.None, LogLevel.None), (LogLevel.Debug, LogLevel.Warning),
            ])
        {
            threshold.Set(level);
            Assert.Equal(level, Least(own));
            Assert.Equal(frameworks, Least(framework));
            Assert.Equal(LogLevel.None, Least(requests));
        }
    }

    private static LogLevel Least(ILogger logger) => Enum.GetValues<LogLevel>().FirstOrDefault(logger.IsEnabled, LogLevel.None);
}
