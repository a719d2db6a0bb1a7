using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.Files;
using Slipway.Inference.Repository.Settings;
using Slipway.Security.Tls;
using Slipway.Server.Options;

namespace Slipway.Server.Configuration;

/// <summary>The forms that settings are written in.</summary>
internal static class SettingParsers
{
    /// <summary>Text of at least one character.</summary>
    public static bool Text(ConfigValue value, out string? text)
    {
        text = value.AsText();
        if (text is { Length: 0 })
        {
            value.Refuse("text is expected, not nothing");
            return false;
        }

        return text is not null;
    }

    /// <summary>True or false.</summary>
    public static bool Bool(ConfigValue value, out bool truth) => Take(value.AsBool(), out truth);

    /// <summary>A duration with its unit.</summary>
    public static bool Duration(ConfigValue value, out TimeSpan duration) => Take(value.AsDuration(TimeSpan.FromDays(1)), out duration);

    /// <summary>A duration of some seconds.</summary>
    public static SettingParser<TimeSpan> Seconds(int least, int most) => (ConfigValue value, out TimeSpan duration) =>
    {
        if (!Duration(value, out duration))
        {
            return false;
        }

        if (duration >= TimeSpan.FromSeconds(least) && duration <= TimeSpan.FromSeconds(most))
        {
            return true;
        }

        value.Refuse($"{least}s to {most}s is expected");
        return false;
    };

    /// <summary>An absolute http or https address.</summary>
    public static bool HttpAddress(ConfigValue value, out Uri? address)
    {
        address = null;
        if (value.AsText() is not { } text)
        {
            return false;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme is "http" or "https")
        {
            return true;
        }

        value.Refuse("an http or https address is expected");
        return false;
    }

    /// <summary>A mapping of header names to values without commas, which the exporter would cut.</summary>
    public static bool Headers(ConfigValue value, out IDictionary<string, string> headers)
    {
        headers = new Dictionary<string, string>(value.AsTextMap() ?? new Dictionary<string, string>());
        if (headers.Values.Any(static header => header.Contains(',')))
        {
            value.Refuse("values without commas are expected");
            return false;
        }

        return value.IsMapping;
    }

    /// <summary>A size with its unit.</summary>
    public static bool Size(ConfigValue value, out long bytes) => Take(value.AsSize(), out bytes);

    /// <summary>A whole number of a range.</summary>
    public static SettingParser<int> Number(int least, int most = int.MaxValue) =>
        (ConfigValue value, out int number) => Take(value.AsInt32(least, most), out number);

    /// <summary>A number of a range.</summary>
    public static SettingParser<double> Fraction(double least, double most) =>
        (ConfigValue value, out double number) => Take(value.AsDouble(least, most), out number);

    /// <summary>The keys of <c>model.yaml</c>; files that they name don't exist for all models at once and are refused.</summary>
    public static bool ModelDefaults(ConfigValue value, out ModelConfig config)
    {
        config = ModelConfig.Default;
        if (value.AsMapping() is not { } mapping)
        {
            return false;
        }

        config = ModelYaml.Read(mapping, new ModelSettings(ModelConfig.Default), ModelFolder.None).Config;
        mapping.Finish();
        return true;
    }

    /// <summary>One of some words.</summary>
    public static SettingParser<T> Word<T>(IReadOnlyDictionary<string, T> words)
        where T : struct => (ConfigValue value, out T word) => Take(value.AsOneOf(words), out word);

    /// <summary><c>HOST:PORT</c>, or a mapping with <c>address</c> and <c>tls</c>.</summary>
    public static SettingParser<ListenerOptions> Listener(string defaultAddress) => (ConfigValue value, out ListenerOptions listener) =>
    {
        if (!value.IsMapping)
        {
            bool read = Text(value, out string? address);
            listener = new ListenerOptions(address ?? defaultAddress) { IsAddressOnly = true };
            return read;
        }

        listener = new ListenerOptions(defaultAddress);
        ConfigMapping mapping = value.AsMapping()!;
        listener.Address = mapping.GetObject("address", address => address.AsText(), defaultAddress)!;
        listener.Tls = mapping.GetObject("tls", ReadTls, null);
        mapping.Finish();
        return true;
    };

    private static TlsOptions? ReadTls(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        TlsOptions tls = new()
        {
            Certificate = mapping.GetObject("certificate", file => file.AsText(), "")!,
            Key = mapping.GetObject("key", file => file.AsText(), "")!,
            Password = mapping.GetObject("password", SecurityParsers.Secret, null),
            Clients = mapping.Get("clients", mode => mode.AsOneOf(SecurityParsers.ClientModes), ClientCertificateMode.None),
            ClientAuthorities = mapping.GetObject("clientAuthorities", file => file.AsText(), "")!,
        };
        mapping.Finish();
        return tls;
    }

    private static bool Take<T>(T? read, out T value)
        where T : struct
    {
        value = read.GetValueOrDefault();
        return read.HasValue;
    }
}
