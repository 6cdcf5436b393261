package dev.evstore.fs.git;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AddressesTest {

    @Test
    void credentialsAreLeftOut() { // G6
        assertEquals("https://host/x.git", Addresses.shown("https://anna:secret@host/x.git"));
        assertEquals("https://host/x.git", Addresses.shown("https://token@host/x.git"));
        assertEquals("https://host:8080/x.git", Addresses.shown("https://anna:p@ss:w@host:8080/x.git"));
        assertEquals(
                "fatal: unable to access 'https://host/x.git/': 401",
                Addresses.shown("fatal: unable to access 'https://a:b@host/x.git/': 401"));
        assertEquals("https://host/x.git", Addresses.shown("https://host/x.git?private_token=abc"));
        assertEquals("ssh://host/x", Addresses.shown("ssh://anna@host/x"));
    }

    @Test
    void whatIsNoCredentialStays() { // G6
        for (String text : new String[] {
            "git@host:x.git", "/home/anna@work/x.git", "file:///home/anna@work/x.git", "https://host/@scope/x.git"
        }) {
            assertEquals(text, Addresses.shown(text));
        }
    }
}
